"""Bad input and bad times: a clear page with the right status, and nothing leaked."""

import base64
import json
import logging
import re
from contextlib import ExitStack

import psycopg
import pytest
from dashboard_clients import SignedIn, app_of_tests, clients_of
from starlette.requests import Request
from starlette.responses import Response

from mavprep_analytics.dashboard.database import POOL_SIZE, Database
from mavprep_analytics.dashboard.faults import Unavailable
from mavprep_analytics.publication.migrations import upgrade

HOSTILE = (
    "' or 1=1 --",
    "'; drop table analytics_rankings; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "%(rank)s $rank",
    "a\0b",
    "../../etc/passwd",
    "x" * 10_000,
    "99999999999999999999999999",
    "9" * 4300,
    "\u0663",
    "1e9",
    "NaN",
    "0",
    "-1",
    "\u202edrowssap",
)
PARAMETERS = {
    "/rankings": ("board", "subject", "university", "q", "from_rank", "after", "before"),
    "/rankings.csv": ("board", "subject", "university"),
    "/tests": ("q", "subject", "after"),
    "/tests/mock%2Fexam%20%3F1": ("from_rank", "after", "before"),
    "/students": ("q",),
    "/mastery": ("subject", "topic", "from"),
    "/questions": ("subject", "flag", "q", "after"),
    "/reports": ("week", "status", "after"),
}
LEAKS = re.compile(r"psycopg|Traceback|analytics_students|127\.0\.0\.1:|DETAIL|syntax error", re.I)
CASES = [(path, name) for path, names in PARAMETERS.items() for name in names]


@pytest.mark.parametrize(("path", "name"), CASES)
def test_hostile_values_are_refused_or_taken_as_text(
    path: str, name: str, signed_in: SignedIn
) -> None:
    for value in HOSTILE:
        answer = signed_in("global").get(path, params={name: value})
        assert answer.status_code in {200, 400, 404}
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert not LEAKS.search(answer.text)
        assert ">49<" not in answer.text or name != "q"


@pytest.mark.parametrize(("path", "name"), CASES)
def test_bytes_that_are_no_text_are_refused_or_taken_as_text(
    path: str, name: str, signed_in: SignedIn
) -> None:
    for raw in ("%ed%a0%80", "%ff%fe", "%c0%af", "%00", "%f4%90%80%80", "%"):
        answer = signed_in("global").get(f"{path}?{name}={raw}")
        assert answer.status_code in {200, 400, 404}
        assert not LEAKS.search(answer.text)


def test_a_parameter_given_twice_or_unknown_is_no_error(signed_in: SignedIn) -> None:
    for query in ("q=a&q=b", "from_rank=5&from_rank=6", "x[]=1", "&&&", "a" * 3000):
        assert signed_in("global").get(f"/rankings?{query}").status_code == 200


def test_a_university_admin_is_told_the_same_of_a_foreign_university_and_of_none(
    signed_in: SignedIn,
) -> None:
    foreign, unknown = (
        signed_in("school").get(path, params={"university": name})
        for path in ("/rankings",)
        for name in ("Ashby College 30", "No Such Place")
    )
    assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
    foreign, unknown = (signed_in("school").get(f"/students/{u}") for u in ("u0000012", "u9999999"))
    assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)


def test_a_statement_that_takes_too_long_is_ended_and_told(
    campus_url: str, signed_in: SignedIn
) -> None:
    with psycopg.connect(campus_url) as connection:
        connection.execute("lock table subjects in access exclusive mode")
        answer = signed_in("global").get("/rankings")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "took too long" in answer.text
    assert not LEAKS.search(answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/students/{}",
        "/tests/{}",
        "/questions/{}",
        "/students/u0000011/reports/{}",
        "/{}",
        "/static/{}",
    ],
)
def test_hostile_paths_are_not_found_or_refused(path: str, signed_in: SignedIn) -> None:
    for value in HOSTILE:
        quoted = "".join(f"%{byte:02x}" for byte in value.encode())
        answer = signed_in("global").get(path.format(quoted))
        assert answer.status_code in {400, 404}
        assert "<script>alert" not in answer.text


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("path", "cursor", "status"),
    [
        ("/rankings?after=", forged(3, 100, "u"), 200),
        ("/rankings?before=", forged(1, 100, "u"), 200),
        ("/rankings?after=", forged(4, 100, "u"), 400),
        ("/rankings?after=", forged(3, "100", "u"), 400),
        ("/rankings?after=", forged(3, 100), 400),
        ("/rankings?after=", forged(3, 100, "'; select 1"), 200),
        ("/rankings?after=", forged(3, 2**31 - 1, "u"), 200),
        ("/tests?after=", forged(3, "x", "y"), 400),
        ("/questions?after=", forged(3, 8, "NaN", "0" * 32), 400),
        ("/questions?after=", forged(3, 8, "0.1", "no id"), 400),
        ("/reports?after=", forged(3, 5), 400),
    ],
)
def test_a_forged_cursor_is_refused_or_grants_nothing(
    path: str, cursor: str, status: int, signed_in: SignedIn
) -> None:
    assert signed_in("global").get(path + cursor).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_pages_are_only_read(method: str, signed_in: SignedIn) -> None:
    answer = signed_in("global").request(method, "/rankings")
    assert answer.status_code == 405
    assert "Only reading" in answer.text
    assert signed_in(None).request(method, "/students/u0000011").status_code == 405


def test_the_head_of_a_page_has_no_body(signed_in: SignedIn) -> None:
    answer = signed_in("global").head("/rankings")
    assert (answer.status_code, answer.content) == (200, b"")


def test_every_answer_carries_the_security_headers(signed_in: SignedIn) -> None:
    for path in ("/", "/nope", "/rankings.csv", "/healthz"):
        headers = signed_in("global").get(path).headers
        assert headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self';"
        )
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "private, no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_mail_is_framed_without_any_right(signed_in: SignedIn) -> None:
    answer = signed_in("global").get("/students/u0000011/reports/2026-11-09/mail")
    assert answer.text == "<p>mail for u0000011</p>"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_a_hostile_shown_name_is_text(signed_in: SignedIn) -> None:
    page = signed_in("global").get("/students/u0000011").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_database_that_is_down_gives_503_and_tells_no_address() -> None:
    url = "postgresql://reader:hush-hush@127.0.0.1:9/mavprep"
    with clients_of(app_of_tests(url)) as signed_in:
        for path in ("/", "/rankings", "/rankings.csv", "/healthz"):
            answer = signed_in("global").get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
            assert "hush" not in answer.text
            assert "127.0.0.1" not in answer.text


def test_an_empty_or_unpublished_database_says_what_to_do(database_url: str) -> None:
    with clients_of(app_of_tests(database_url)) as signed_in:
        assert "mavprep db upgrade" in signed_in("global").get("/").text
        upgrade(database_url, with_catalogue=True)
        answer = signed_in("global").get("/rankings")
        assert answer.status_code == 200
        assert "Nothing is published yet" in answer.text


def test_pages_recover_when_the_server_ends_their_connections(
    campus_url: str, signed_in: SignedIn
) -> None:
    assert signed_in("global").get("/tests").status_code == 200
    with psycopg.connect(campus_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'mavprep-dashboard' and datname = current_database()"
        )
    assert signed_in("global").get("/tests").status_code == 200


def test_a_ninth_page_waits_for_a_connection_and_then_says_so(campus_url: str) -> None:
    database = Database(campus_url, wait_seconds=0.05)
    with ExitStack() as stack:
        for _ in range(POOL_SIZE):
            stack.enter_context(database.snapshot())
        with pytest.raises(Unavailable, match="Too many pages"), database.snapshot():
            pass
    with database.snapshot() as read:
        assert read.row("publication")
    database.close()


def test_a_defect_tells_a_reference_and_nothing_else(
    campus_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_of_tests(campus_url)

    def broken(_request: Request) -> Response:
        raise RuntimeError("-".join(("secret", "of", "a", "student")))

    app.add_route("/broken", broken)
    with caplog.at_level(logging.ERROR), clients_of(app) as signed_in:
        answer = signed_in("global").get("/broken")
    assert answer.status_code == 500
    assert "secret-of-a-student" not in answer.text
    reference = re.search(r"Reference: <code>(\w+)</code>", answer.text)
    assert reference
    assert f"defect {reference[1]}: RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "secret-of-a-student" not in caplog.text


def test_under_a_prefix_every_link_stays_under_it(campus_url: str) -> None:
    with clients_of(app_of_tests(campus_url, dashboard_prefix="/analytics/")) as signed_in:
        page = signed_in("global").get("/analytics/rankings")
        assert page.status_code == 200
        links = [part.split('"')[0] for part in page.text.split('href="')[1:]]
        assert links
        assert all(link.startswith(("/analytics/", "#")) for link in links)
        style = next(link for link in links if link.endswith(".css"))
        file = signed_in("global").get(style)
        assert (file.status_code, "immutable" in file.headers["cache-control"]) == (200, True)
        assert signed_in("global").get("/rankings").status_code == 404
