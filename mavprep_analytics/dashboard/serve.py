"""Runs the app in uvicorn: one process, quiet about addresses, stopped cleanly by a signal."""

from collections.abc import Callable, Sequence

import uvicorn
from starlette.routing import BaseRoute

from mavprep_analytics.dashboard.access import LOCAL_LOGIN
from mavprep_analytics.dashboard.app import create_app
from mavprep_analytics.dashboard.grants import DEFAULT_PASSWORD
from mavprep_analytics.dashboard.headers import Discreet
from mavprep_analytics.dashboard.reader_role import reader_url
from mavprep_analytics.dashboard.visit import RenderMail
from mavprep_analytics.embedded.postgres import ensure_running
from mavprep_analytics.settings import Settings

_SECONDS_TO_FINISH = 5


def database_of(settings: Settings) -> str:
    """Return the URL that pages read with: the configured one, else that of our own server as the reading role.

    A configured MAVPREP_POSTGRES_URL alone is read with as it is: in transactions that cannot write.
    """
    for configured in (settings.dashboard_postgres_url, settings.postgres_url):
        if configured is not None:
            return configured.get_secret_value()
    return reader_url(ensure_running(settings.home))


def serve(
    settings: Settings,
    database_url: str,
    host: str,
    port: int,
    *,
    announce: Callable[[str], object],
    mounts: Sequence[BaseRoute] = (),
    render_mail: RenderMail | None = None,
) -> None:
    """Serve until interrupted.

    Args:
        settings: see `create_app`.
        database_url: `postgresql://…` of the published tables.
        host: the address to listen on.
        port: the port to listen on.
        announce: is told the address, and the local login if there is no other.
        mounts: see `create_app`.
        render_mail: see `create_app`.

    Raises:
        Misconfigured: users, proxy secret or prefix are not right for this address.
    """
    app = create_app(settings, database_url, host=host, mounts=mounts, render_mail=render_mail)
    announce(f"Dashboards on http://{host}:{port}{settings.dashboard_prefix}/")
    if _is_local(settings):
        announce(f"Login {LOCAL_LOGIN}, password {DEFAULT_PASSWORD}: for this machine only")
    uvicorn.run(
        Discreet(app),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses hold what was searched for
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )


def _is_local(settings: Settings) -> bool:
    return not (settings.dashboard_users or settings.dashboard_grants_file)
