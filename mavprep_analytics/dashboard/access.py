"""Who is asking and what they may see. Deny by default: whoever is not listed sees nothing.

First a trusted proxy that proves itself by a shared secret and names the login; else HTTP basic, for
local use. Roles come from our own list, never from the request. Row filters are applied in SQL.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from threading import Lock
from time import monotonic

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from mavprep_analytics.dashboard.faults import NotAllowed, NotSignedIn, TooMany
from mavprep_analytics.dashboard.passwords import make_hash, matches
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

LOCAL_LOGIN, LOCAL_PASSWORD = "admin", "mavprep"
_PROXY_SECRET_HEADER = "x-mavprep-proxy-secret"  # noqa: S105 - a header's name
_SHORTEST_SECRET = 16
_FAILURES_ALLOWED = 10
_FAILURE_SECONDS = 60.0
_REMEMBERED = 1000


class Role(StrEnum):
    """What a login is for."""

    GLOBAL_ADMIN = "global_admin"
    UNIVERSITY_ADMIN = "university_admin"
    ANALYST = "analyst"


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


class _User(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    university: str | None = None
    password: str | None = None

    @model_validator(mode="after")
    def _scope_fits_role(self) -> "_User":
        if (self.role is Role.UNIVERSITY_ADMIN) != bool(self.university):
            raise ValueError("university_admin, and only this role, needs a university")
        return self


class Access:
    """Turns a request's headers into a viewer.

    Args:
        settings: users, proxy secret and header.
        host: the address that is listened on.
        clock: seconds that only grow.

    Raises:
        Misconfigured: the users are malformed, the secret is short, or the default password
            would be open to other machines.
    """

    def __init__(
        self, settings: Settings, host: str, clock: Callable[[], float] = monotonic
    ) -> None:
        self._secret = _proxy_secret(settings)
        self._header = settings.dashboard_proxy_header.lower()
        self._users = _users(settings, host, has_proxy=self._secret is not None)
        self._clock = clock
        self._lock = Lock()
        self._proven: set[bytes] = set()
        self._salt = secrets.token_bytes(16)
        self._failures: dict[str, list[float]] = {}

    @property
    def takes_passwords(self) -> bool:
        """Whether any login has a password, so that a browser may ask for it."""
        return any(user.password for user in self._users.values())

    def viewer(self, headers: Mapping[str, str]) -> Viewer:
        """Return who is asking.

        Args:
            headers: with lower-case names.

        Raises:
            NotSignedIn: no login, a wrong password or a wrong proxy secret.
            NotAllowed: a login that is not listed.
            TooMany: too many wrong passwords for a login within a minute.
        """
        login = self._login_of_proxy(headers) or self._login_of_basic(headers)
        user = self._users.get(login)
        if user is None:
            raise NotAllowed("This login is known, but it has no right to see the dashboards.")
        return Viewer(login, user.role, user.university)

    def _login_of_proxy(self, headers: Mapping[str, str]) -> str | None:
        given = headers.get(_PROXY_SECRET_HEADER)
        if self._secret is None or given is None:
            return None
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise NotSignedIn("The proxy did not prove itself.")
        return headers.get(self._header, "").strip() or None

    def _login_of_basic(self, headers: Mapping[str, str]) -> str:
        login, password = _basic(headers.get("authorization", ""))
        user = self._users.get(login)
        mark = hashlib.sha256(self._salt + f"{login}\0{password}".encode()).digest()
        if mark in self._proven:
            return login
        self._refuse_after_failures(login)
        if user is None or user.password is None or not matches(password, user.password):
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


def _users(settings: Settings, host: str, *, has_proxy: bool) -> dict[str, _User]:
    if settings.dashboard_users is not None:
        return _parse_users(settings.dashboard_users.get_secret_value())
    if has_proxy or not is_loopback(host):
        raise Misconfigured(
            f"MAVPREP_DASHBOARD_USERS is empty and the default password is not for {host}",
            "List the logins, or listen on 127.0.0.1 without a proxy",
        )
    return {LOCAL_LOGIN: _User(role=Role.GLOBAL_ADMIN, password=make_hash(LOCAL_PASSWORD))}


def _parse_users(text: str) -> dict[str, _User]:
    try:
        users = TypeAdapter(dict[str, _User]).validate_python(json.loads(text))
    except (ValidationError, ValueError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "no JSON"
        raise Misconfigured(
            f"MAVPREP_DASHBOARD_USERS is malformed: {problem}",
            'Write {"login": {"role": "global_admin", "password": "pbkdf2_sha256$..."}}',
        ) from None
    for login, user in users.items():
        if user.password is not None and matches(LOCAL_PASSWORD, user.password):
            raise Misconfigured(
                f"the login {login} of MAVPREP_DASHBOARD_USERS has the default password",
                "Make another one with mavprep dashboard --make-password",
            )
    return users


def is_loopback(host: str) -> bool:
    """Tell whether an address that is listened on can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
