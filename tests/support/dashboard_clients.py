"""Dashboards served over HTTP in a thread, and clients signed in through a trusted proxy as each role."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from mavprep_analytics.dashboard.app import create_app
from mavprep_analytics.dashboard.headers import Discreet
from mavprep_analytics.settings import Settings

SECRET = "a-secret-of-the-proxy"
UNIVERSITY = "Brook Institute 29"  # of student 11, whose shown name is hostile
LOGINS = {
    "global": {"role": "global_admin"},
    "school": {"role": "university_admin", "university": UNIVERSITY},
    "analyst": {"role": "analyst"},
}
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SignedIn = Callable[[str | None], httpx.Client]


def app_of_tests(database_url: str, **changes: object) -> Starlette:
    """Return the app with the logins above, behind a proxy."""
    given: dict[str, object] = {
        "dashboard_users": SecretStr(json.dumps(LOGINS)),
        "dashboard_proxy_secret": SecretStr(SECRET),
        "dashboard_downloads_per_hour": 1000,
    }
    return create_app(
        Settings.model_validate(given | changes),
        database_url,
        host="10.1.2.3",
        render_mail=lambda row: f"<p>mail for {row['user_id']}</p>",
        clock=lambda: NOW,
    )


@contextmanager
def serving(app: Starlette, given: socket.socket | None = None) -> Iterator[str]:
    """Serve the app on a listening socket, None: a new one on 127.0.0.1, and yield its address."""
    with given or socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(Discreet(app), log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def proxy_headers(login: str | None) -> dict[str, str]:
    """Return what the trusted proxy sends for a login; None: nothing."""
    return {"x-mavprep-proxy-secret": SECRET, "x-forwarded-user": login} if login else {}


@contextmanager
def clients_of(app: Starlette) -> Iterator[SignedIn]:
    """Serve the app and yield a function that returns the client of a login."""
    with ExitStack() as stack:
        address = stack.enter_context(serving(app))
        made: dict[str | None, httpx.Client] = {}

        def signed_in(login: str | None) -> httpx.Client:
            if login not in made:
                client = httpx.Client(base_url=address, headers=proxy_headers(login), timeout=60)
                made[login] = stack.enter_context(client)
            return made[login]

        yield signed_in


def app_of_browser(database_url: str) -> Starlette:
    """Return the app with the local login, as on one's own machine."""
    return create_app(
        Settings(),
        database_url,
        render_mail=lambda row: f"<!doctype html><title>mail</title><p>{row['subject']}</p>",
        clock=lambda: NOW,
    )
