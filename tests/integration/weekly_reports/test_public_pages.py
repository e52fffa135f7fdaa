"""Unsubscribe and the mail in a browser, over HTTP against a real Postgres."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from report_lakes import WEEK
from report_mailers import KEYS, LETTERHEAD, MONDAY_EIGHT, ScriptedBackend, freeze, mailer
from starlette.applications import Starlette

from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.tokens import Keys
from mavprep_analytics.weekly_reports.web import Guesses, ReportPages


class Client:
    """Calls an application without a server and without following redirects."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def get(self, url: str, **more: Any) -> httpx.Response:
        return self._run(self._call("GET", url, **more))

    def head(self, url: str) -> httpx.Response:
        return self._run(self._call("HEAD", url))

    def post(self, url: str, **more: Any) -> httpx.Response:
        return self._run(self._call("POST", url, **more))

    def _run(self, call: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """In a thread of its own: a browser test before this one may have left a loop in ours."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, call).result()

    async def _call(self, method: str, url: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="https://x.example") as client:
            return await client.request(method, url, **more)


@pytest.fixture
def client(published_url: str) -> Client:
    return Client(ReportPages(published_url, KEYS, LETTERHEAD.links).app)


def test_one_post_unsubscribes_at_once(client: Client, published_url: str) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada"])
        token = KEYS.sign("unsubscribe", "ada")

        answer = client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
        again = client.post(f"/unsubscribe/{token}")
        backend = ScriptedBackend()
        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

        assert (answer.status_code, again.status_code) == (200, 200)
        assert "set-cookie" not in answer.headers
        assert backend.sent == []
        assert outbox.reasons(WEEK) == [("suppressed", "unsubscribed", 1)]


def test_a_get_shows_a_button_and_changes_nothing(client: Client, published_url: str) -> None:
    url = f"/unsubscribe/{KEYS.sign('unsubscribe', 'ada')}"

    page = client.get(url, headers={"accept-language": "es-ES,es;q=0.9"})
    client.head(url)

    assert '<form method="post">' in page.text
    assert "¿Dejar de recibir el informe semanal?" in page.text
    assert page.headers["cache-control"] == "no-store"
    with Outbox(published_url) as outbox:
        assert outbox.suppressed({"ada": ""}) == {}


def test_the_mail_is_shown_from_its_stored_payload_without_a_name(
    client: Client, published_url: str
) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada"])

    page = client.get(f"/view/{KEYS.sign('view', 'ada', WEEK)}")

    assert page.status_code == 200
    assert "A quiet week" in page.text
    assert "ada" not in page.text.lower().replace("padding", "").replace("adapt", "")
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_forged_foreign_and_misused_tokens_get_the_same_404(
    client: Client, published_url: str
) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada"])
    true = KEYS.sign("unsubscribe", "ada")
    wrong = [
        true[:-1] + ("A" if true[-1] != "A" else "B"),
        true.replace("YWRh", "Ym9i"),
        Keys({"k1": b"another secret of theirs"}).sign("unsubscribe", "ada"),
        KEYS.sign("view", "ada", WEEK),
        "v1.unsubscribe",
        "é" * 40,
    ]

    answers = [client.post(f"/unsubscribe/{token}") for token in wrong]
    answers.append(client.get(f"/view/{true}"))

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    with Outbox(published_url) as outbox:
        assert outbox.suppressed({"ada": "", "bob": ""}) == {}


def test_a_client_that_guesses_is_shut_out_for_a_minute(published_url: str) -> None:
    now = 0.0
    pages = ReportPages(published_url, KEYS, LETTERHEAD.links, guesses=Guesses(lambda: now))
    client = Client(pages.app)
    url = f"/unsubscribe/{KEYS.sign('unsubscribe', 'ada')}"

    for _ in range(10):
        client.get("/unsubscribe/v1.wrong")
    shut_out = client.get(url).status_code
    now = 61.0

    assert (shut_out, client.get(url).status_code) == (404, 200)


def test_the_dashboard_shows_the_mail_of_a_row_as_psycopg_reads_it(published_url: str) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada"])
    with psycopg.connect(published_url) as connection:
        row = connection.execute(
            "select payload, language from analytics_weekly_reports"
        ).fetchone()
    assert row is not None

    html = ReportPages(published_url, KEYS, LETTERHEAD.links).mail(
        {"payload": row[0], "language": row[1]}
    )

    assert "A quiet week" in html
    assert "unsubscribe/" not in html
