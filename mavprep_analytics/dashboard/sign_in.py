"""The routes of signing in at the identity provider and out again, and the session cookie of every other request."""

import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mavprep_analytics.dashboard.faults import NotAllowed, NotSignedIn
from mavprep_analytics.dashboard.oidc import Client, Provider
from mavprep_analytics.dashboard.sessions import (
    LONGEST_SECONDS,
    SIGN_IN_SECONDS,
    Session,
    Sessions,
)
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

_SHORTEST_KEY = 32
_ANYWHERE = "/"


class SignIn:
    """Sign-in by OIDC.

    Args:
        settings: provider, client, key and outside address.
        prefix: path that the app stands under.
        clock: seconds since 1970.

    Raises:
        Misconfigured: a part of the settings is missing or wrong.
    """

    def __init__(self, settings: Settings, prefix: str, clock: Callable[[], float]) -> None:
        client = _client(settings, prefix)
        self._provider = Provider(client, clock)
        self._sessions = Sessions(_key(settings), clock)
        self._prefix = prefix
        self._is_secure = client.redirect_uri.startswith("https:")
        mark = "__Secure-" if self._is_secure else ""
        self._session_cookie, self._pending_cookie = f"{mark}mavprep", f"{mark}mavprep-sign-in"

    @property
    def routes(self) -> list[Route]:
        """`/sign-in`, `/sign-in/callback` and `/sign-out`."""
        return [
            Route("/sign-in", self._begin, methods=["GET"]),
            Route("/sign-in/callback", self._finish, methods=["GET"]),
            Route("/sign-out", self._end, methods=["POST"]),
        ]

    def session(self, request: Request) -> Session | None:
        """Return the session of a request; None: there is none, or it is over."""
        return self._sessions.session(request.cookies.get(self._session_cookie))

    def renew(self, session: Session, response: Response) -> None:
        """Let a session that is used go on."""
        renewed = self._sessions.renewed(session)
        if renewed is not None:
            self._set(response, self._session_cookie, self._sessions.write(renewed))

    def _begin(self, request: Request) -> Response:
        begun = self._provider.begin()
        pending = self._sessions.pend(
            begun.state, begun.nonce, begun.verifier, _local(request.query_params.get("next"))
        )
        answer = RedirectResponse(begun.address, 303)
        self._set(answer, self._pending_cookie, self._sessions.write(pending), SIGN_IN_SECONDS)
        return answer

    def _finish(self, request: Request) -> Response:
        pending = self._sessions.pending(request.cookies.get(self._pending_cookie))
        state = request.query_params.get("state", "")
        if pending is None or not hmac.compare_digest(state.encode(), pending.state.encode()):
            raise NotSignedIn("This sign-in was not begun here, or too long ago. Start it again.")
        code = request.query_params.get("code")
        if not code:
            raise NotSignedIn("The identity provider did not let you in.")
        identity = self._provider.finish(code, pending.verifier, pending.nonce)
        session = self._sessions.begin(identity.login, identity.groups)
        answer = RedirectResponse(self._prefix + pending.next, 303)
        self._set(answer, self._session_cookie, self._sessions.write(session))
        answer.delete_cookie(self._pending_cookie, path=self._path)
        return answer

    def _end(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise NotAllowed("Signing out starts on a page of the dashboards.")
        session = self.session(request)
        if session is not None:
            self._sessions.end(session)
        answer = RedirectResponse(f"{self._prefix}/", 303)
        answer.delete_cookie(self._session_cookie, path=self._path)
        return answer

    @property
    def _path(self) -> str:
        return self._prefix or "/"

    def _set(
        self, response: Response, name: str, value: str, seconds: int = LONGEST_SECONDS
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=self._path,
            secure=self._is_secure,
            httponly=True,
            samesite="lax",  # strict would drop it on the way back from the provider
        )


def _local(address: str | None) -> str:
    """Return a path of our own to go to after the sign-in; anything else leads to the overview."""
    if not address or not address.startswith("/"):
        return _ANYWHERE
    parts = urlsplit(address)
    is_ours = (
        not parts.netloc and address.isprintable() and address.isascii() and "\\" not in address
    )
    return address if is_ours and len(address) <= 1000 else _ANYWHERE


def _client(settings: Settings, prefix: str) -> Client:
    if not settings.dashboard_oidc_client_id or not settings.dashboard_url:
        raise Misconfigured(
            "MAVPREP_DASHBOARD_OIDC_ISSUER is set without client id or outside address",
            "Set MAVPREP_DASHBOARD_OIDC_CLIENT_ID and MAVPREP_DASHBOARD_URL",
        )
    secret = settings.dashboard_oidc_client_secret
    return Client(
        issuer=settings.dashboard_oidc_issuer,
        client_id=settings.dashboard_oidc_client_id,
        client_secret=secret.get_secret_value() if secret else "",
        redirect_uri=f"{settings.dashboard_url.rstrip('/')}{prefix}/sign-in/callback",
        login_claim=settings.dashboard_oidc_login_claim,
        groups_claim=settings.dashboard_oidc_groups_claim,
    )


def _key(settings: Settings) -> bytes:
    if settings.dashboard_session_key is None:
        return secrets.token_bytes(32)
    key = settings.dashboard_session_key.get_secret_value()
    if len(key) < _SHORTEST_KEY:
        raise Misconfigured(
            "MAVPREP_DASHBOARD_SESSION_KEY is too short to be a secret",
            f"Use {_SHORTEST_KEY} random characters or more",
        )
    return key.encode()
