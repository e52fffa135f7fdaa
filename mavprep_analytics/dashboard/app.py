"""Puts the app together: routes, sign-in, one snapshot per page, error pages. The pages know none of this."""

import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from mavprep_analytics.dashboard.access import Access, Viewer
from mavprep_analytics.dashboard.database import POOL_SIZE, Database, Snapshot
from mavprep_analytics.dashboard.downloads import Downloads
from mavprep_analytics.dashboard.faults import NotAllowed, NotFound, PageFault
from mavprep_analytics.dashboard.formats import lateness
from mavprep_analytics.dashboard.headers import DOCUMENT_HEADERS, SecurityHeaders
from mavprep_analytics.dashboard.navigation import PageRoute, entries
from mavprep_analytics.dashboard.pages import PAGES
from mavprep_analytics.dashboard.rendering import Renderer
from mavprep_analytics.dashboard.visit import (
    Document,
    Download,
    Publication,
    RenderMail,
    Visit,
)
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

if TYPE_CHECKING:
    from mavprep_analytics.dashboard.sign_in import SignIn

_THREADS = POOL_SIZE + 4  # pages that wait for a connection, static files, sign-ins
_LOG = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    database_url: str,
    *,
    host: str = "127.0.0.1",
    mounts: Sequence[BaseRoute] = (),
    render_mail: RenderMail | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """Return the ASGI app of the dashboards.

    Args:
        settings: users, proxy and prefix.
        database_url: `postgresql://…` of the published tables.
        host: the address that will be listened on; off loopback, logins must be listed.
        mounts: routes of other parts beside the pages, such as the public ones of the weekly
            reports; they see to their own access.
        render_mail: returns the HTML of a weekly report from its row; None: mails are not shown.
        clock: the time, UTC.

    Raises:
        Misconfigured: users, proxy secret or prefix are not right.
    """
    return _Dashboard(settings, database_url, host, render_mail, clock).app(mounts)


class _Dashboard:
    def __init__(
        self,
        settings: Settings,
        database_url: str,
        host: str,
        render_mail: RenderMail | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._access = Access(settings, host)
        self._database = Database(database_url)
        self._renderer = Renderer(_checked_prefix(settings.dashboard_prefix))
        self._sign_in = _sign_in(settings, self._renderer.prefix, clock)
        self._downloads = Downloads(self._database, settings.dashboard_downloads_per_hour)
        self._render_mail = render_mail
        self._clock = clock

    def app(self, mounts: Sequence[BaseRoute]) -> Starlette:
        prefix = self._renderer.prefix
        routes: list[BaseRoute] = [
            Route("/static/{address:path}", self._renderer.assets.serve),
            Route("/healthz", self._health),
            *mounts,
            *(self._sign_in.routes if self._sign_in else ()),
            *(Route(route.path, self._endpoint(route)) for route in PAGES),
        ]
        return Starlette(
            routes=[Mount(prefix, routes=routes)] if prefix else routes,
            middleware=[
                Middleware(SecurityHeaders),
                Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
            ],
            exception_handlers={
                PageFault: self._fault,
                HTTPException: self._http_fault,
                Exception: self._defect,
            },
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield
        self._database.close()

    def _endpoint(self, route: PageRoute) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            session = self._sign_in.session(request) if self._sign_in else None
            viewer = self._access.viewer(request.headers, session)
            if viewer.role not in route.roles:
                raise NotAllowed("The role of this login does not include this page.")
            response = self._page(route, request, viewer, has_session=session is not None)
            if self._sign_in and session:
                self._sign_in.renew(session, response)
            return response

        return answer

    def _page(
        self, route: PageRoute, request: Request, viewer: Viewer, *, has_session: bool
    ) -> Response:
        with ExitStack() as stack:
            read = stack.enter_context(self._database.snapshot())
            publication = _publication(read)
            shell = {
                "navigation": entries(viewer.role, route),
                "viewer": viewer,
                "has_session": has_session,
                "publication": publication,
                "late": publication and lateness(publication.as_of, self._clock()),
            }
            if publication is None:
                return self._html("unpublished.html", shell)
            _require_known(viewer, read)
            visit = Visit(
                viewer,
                request.query_params,
                request.path_params,
                read,
                publication,
                self._clock(),
                self._render_mail,
            )
            return self._respond(route, visit, shell, stack)

    def _respond(
        self, route: PageRoute, visit: Visit, shell: dict[str, Any], stack: ExitStack
    ) -> Response:
        result = route.handler(visit)
        if isinstance(result, Download):
            return self._downloads.response(result, visit, stack)
        if isinstance(result, Document):
            return HTMLResponse(result.html, headers=DOCUMENT_HEADERS)
        return self._html(result.template, shell | dict(result.values))

    def _html(self, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
        return HTMLResponse(self._renderer.html(template, values), status_code=status)

    def _health(self, _request: Request) -> Response:
        with self._database.snapshot() as read:
            publication = _publication(read)
        return PlainTextResponse("ok" if publication else "nothing is published yet")

    def _fault(self, request: Request, error: Exception) -> Response:
        fault = error if isinstance(error, PageFault) else PageFault("")
        values = {"title": fault.title, "reason": fault.reason, "reference": None}
        if fault.status == 401 and self._sign_in:
            values["sign_in"] = self._renderer.url("/sign-in", next=self._address(request))
        response = self._html("fault.html", values, fault.status)
        if fault.status == 401 and self._access.takes_passwords and not self._sign_in:
            response.headers["WWW-Authenticate"] = 'Basic realm="MavPrep", charset="UTF-8"'
        if fault.status == 401 and request.headers.get("hx-request"):
            response.headers["HX-Refresh"] = "true"  # the whole page, which offers to sign in
        if fault.status in {429, 503}:
            response.headers["Retry-After"] = str(fault.retry_after)
        return response

    def _address(self, request: Request) -> str | None:
        """Return the page that was asked for, below the prefix; None: not a page to come back to."""
        path = request.url.path.removeprefix(self._renderer.prefix)
        if request.method != "GET" or path.startswith("/sign-"):
            return None
        return path + (f"?{request.url.query}" if request.url.query else "")

    def _http_fault(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 405:
            values = {"title": "Only reading", "reason": "Pages are only read.", "reference": None}
            return self._html("fault.html", values, status)
        return self._fault(request, NotFound("There is no such page."))

    def _defect(self, _request: Request, error: Exception) -> Response:
        reference = secrets.token_hex(4)
        _LOG.error("defect %s: %s", reference, type(error).__name__)
        values = {
            "title": "Something went wrong",
            "reason": "The page could not be made. The operators find it by its reference.",
            "reference": reference,
        }
        return self._html("fault.html", values, 500)


def _sign_in(settings: Settings, prefix: str, clock: Callable[[], datetime]) -> "SignIn | None":
    if not settings.dashboard_oidc_issuer:
        return None
    try:
        from mavprep_analytics.dashboard.sign_in import SignIn  # noqa: PLC0415 - authlib is an extra
    except ModuleNotFoundError:
        raise Misconfigured(
            "sign-in by OIDC needs authlib", 'Install "mavprep-analytics[oidc]"'
        ) from None
    return SignIn(settings, prefix, lambda: clock().timestamp())


def _require_known(viewer: Viewer, read: Snapshot) -> None:
    """Raise NotAllowed when a viewer's grant names a university that no student has."""
    own = viewer.university
    if own is not None and read.row("known_university", university=own) is None:
        raise NotAllowed(
            f"The grant of this login is for {own}, which no published student names as the university."
            " Whoever keeps the grants can correct it."
        )


def _publication(read: Snapshot) -> Publication | None:
    row = read.row("publication")
    return Publication(**row) if row else None


def _checked_prefix(prefix: str) -> str:
    trimmed = prefix.rstrip("/")
    if trimmed and not trimmed.startswith("/"):
        raise Misconfigured(
            "MAVPREP_DASHBOARD_PREFIX does not begin with /", "Write it like /analytics"
        )
    return trimmed
