"""Who is asking and what they may see. Deny by default: whoever is not listed sees nothing.

First a trusted proxy that proves itself by a shared secret and names the login; then the session of a
sign-in at the identity provider; else HTTP basic, for local use. Roles come from our own list, looked up
at every request, never from the request. Row filters are applied in SQL.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Lock
from time import monotonic

from mavprep_analytics.dashboard.faults import NotAllowed, NotSignedIn, TooMany
from mavprep_analytics.dashboard.grants import (
    DEFAULT_PASSWORD,
    Grant,
    Grants,
    GrantsFile,
    Role,
    Source,
    fixed,
    parse_users,
)
from mavprep_analytics.dashboard.passwords import make_hash, matches
from mavprep_analytics.dashboard.sessions import Session
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

LOCAL_LOGIN = "admin"
_PROXY_SECRET_HEADER = "x-mavprep-proxy-secret"  # noqa: S105 - a header's name
_SHORTEST_SECRET = 16
_FAILURES_ALLOWED = 10
_FAILURE_SECONDS = 60.0
_REMEMBERED = 1000


@dataclass(frozen=True)
class Viewer:
    """A known login.

    Args:
        login: as the proxy or the browser named it.
        role: what it is for.
        university: the only one whose students it may see; None: all.
    """

    login: str
    role: Role
    university: str | None = None

    @property
    def sees_names(self) -> bool:
        """Whether shown names of students may be on a page; analysts see ids only."""
        return self.role is not Role.ANALYST


class Access:
    """Turns a request's headers into a viewer.

    Args:
        settings: grants, proxy secret and header, provider.
        host: the address that is listened on.
        clock: seconds that only grow.

    Raises:
        Misconfigured: the grants are malformed, the secret is short, or the default password
            would be open to other machines.
    """

    def __init__(
        self, settings: Settings, host: str, clock: Callable[[], float] = monotonic
    ) -> None:
        self._secret = _proxy_secret(settings)
        self._header = settings.dashboard_proxy_header.lower()
        is_local = self._secret is None and not settings.dashboard_oidc_issuer
        self._grants = _grants(settings, host, is_local=is_local)
        self._clock = clock
        self._lock = Lock()
        self._proven: set[bytes] = set()
        self._salt = secrets.token_bytes(16)
        self._failures: dict[str, list[float]] = {}

    @property
    def takes_passwords(self) -> bool:
        """Whether any login has a password, so that a browser may ask for it."""
        return any(grant.password for grant in self._grants().logins.values())

    def viewer(self, headers: Mapping[str, str], session: Session | None = None) -> Viewer:
        """Return who is asking.

        Args:
            headers: with lower-case names.
            session: of the request's cookie.

        Raises:
            NotSignedIn: no login, a wrong password or a wrong proxy secret.
            NotAllowed: a login that is not listed.
            TooMany: too many wrong passwords for a login within a minute.
        """
        grants = self._grants()
        login = self._login_of_proxy(headers)
        groups: tuple[str, ...] = ()
        if login is None and session is not None:
            login, groups = session.login, session.groups
        login = login or self._login_of_basic(headers, grants)
        grant = grants.of(login, groups)
        if grant is None:
            raise NotAllowed("This login is known, but it has no right to see the dashboards.")
        return Viewer(login, grant.role, grant.university)

    def _login_of_proxy(self, headers: Mapping[str, str]) -> str | None:
        given = headers.get(_PROXY_SECRET_HEADER)
        if self._secret is None or given is None:
            return None
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise NotSignedIn("The proxy did not prove itself.")
        return headers.get(self._header, "").strip() or None

    def _login_of_basic(self, headers: Mapping[str, str], grants: Grants) -> str:
        login, password = _basic(headers.get("authorization", ""))
        grant = grants.logins.get(login)
        hashed = grant.password if grant else None
        mark = hashlib.sha256(self._salt + f"{login}\0{password}\0{hashed}".encode()).digest()
        if mark in self._proven:
            return login
        self._refuse_after_failures(login)
        if hashed is None or not matches(password, hashed):
            self._note_failure(login)
            raise NotSignedIn("Name and password do not belong together.")
        with self._lock:
            if len(self._proven) < _REMEMBERED:
                self._proven.add(mark)
        return login

    def _refuse_after_failures(self, login: str) -> None:
        recent = [t for t in self._failures.get(login, ()) if self._clock() - t < _FAILURE_SECONDS]
        if len(recent) >= _FAILURES_ALLOWED:
            raise TooMany("Too many wrong passwords. Wait a minute.")

    def _note_failure(self, login: str) -> None:
        with self._lock:
            if len(self._failures) >= _REMEMBERED:
                self._failures.clear()
            kept = self._failures.setdefault(login, [])
            kept.append(self._clock())
            del kept[:-_FAILURES_ALLOWED]


def _basic(header: str) -> tuple[str, str]:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        raise NotSignedIn("Sign in to see the dashboards.")
    try:
        pair = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise NotSignedIn("Sign in to see the dashboards.") from None
    login, _, password = pair.partition(":")
    return login, password


def _proxy_secret(settings: Settings) -> str | None:
    if settings.dashboard_proxy_secret is None:
        return None
    secret = settings.dashboard_proxy_secret.get_secret_value()
    if len(secret) < _SHORTEST_SECRET or not secret.isascii():
        raise Misconfigured(
            "MAVPREP_DASHBOARD_PROXY_SECRET is too short to be a secret",
            f"Use {_SHORTEST_SECRET} random ASCII characters or more",
        )
    return secret


def _grants(settings: Settings, host: str, *, is_local: bool) -> Source:
    if settings.dashboard_grants_file and settings.dashboard_users:
        raise Misconfigured(
            "MAVPREP_DASHBOARD_USERS and MAVPREP_DASHBOARD_GRANTS_FILE are both set", "Keep one"
        )
    if settings.dashboard_grants_file:
        return GrantsFile(settings.dashboard_grants_file)
    if settings.dashboard_users is not None:
        return fixed(parse_users(settings.dashboard_users.get_secret_value()))
    if not is_local or not is_loopback(host):
        raise Misconfigured(
            f"no login is listed, and the default password is not for {host}",
            "List who may see what in MAVPREP_DASHBOARD_GRANTS_FILE or MAVPREP_DASHBOARD_USERS",
        )
    local = Grant.model_construct(
        role=Role.GLOBAL_ADMIN, university=None, password=make_hash(DEFAULT_PASSWORD)
    )
    return fixed(Grants(logins={LOCAL_LOGIN: local}))


def is_loopback(host: str) -> bool:
    """Tell whether an address that is listened on can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
