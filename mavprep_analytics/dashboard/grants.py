"""Who may see the dashboards and as what: a list of logins and groups, in a variable or in a file that is read again.

Deny by default: a login or group that is not listed has no right.
"""

import json
import logging
import tomllib
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mavprep_analytics.dashboard.passwords import matches
from mavprep_analytics.errors import Misconfigured

DEFAULT_PASSWORD = "mavprep"  # noqa: S105 - for this machine only
_LOG = logging.getLogger(__name__)
_USERS = "MAVPREP_DASHBOARD_USERS"


class Role(StrEnum):
    """What a login is for."""

    GLOBAL_ADMIN = "global_admin"
    UNIVERSITY_ADMIN = "university_admin"
    ANALYST = "analyst"


class Grant(BaseModel):
    """A role and its scope; a password hash only for sign-in without proxy or provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    university: str | None = None
    password: str | None = None

    @model_validator(mode="after")
    def _scope_fits_role(self) -> "Grant":
        if (self.role is Role.UNIVERSITY_ADMIN) != bool(self.university):
            raise ValueError("university_admin, and only this role, needs a university")
        return self


class Grants(BaseModel):
    """The list: grants of logins, and of groups that an identity provider names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    logins: dict[str, Grant] = Field(default_factory=dict)
    groups: dict[str, Grant] = Field(default_factory=dict)

    def of(self, login: str, groups: Iterable[str] = ()) -> Grant | None:
        """Return the login's own grant, else that of the first listed group it is in; None: no right."""
        member = set(groups)
        return self.logins.get(login) or next(
            (grant for group, grant in self.groups.items() if group in member), None
        )


Source = Callable[[], Grants]
"""Returns the grants in force now."""


def fixed(grants: Grants) -> Source:
    """Return a source that never changes."""
    return lambda: grants


def parse_users(text: str) -> Grants:
    """Read the grants of MAVPREP_DASHBOARD_USERS: a JSON object from login to grant.

    Raises:
        Misconfigured: it is malformed, or a login has the default password.
    """
    try:
        return _safe(Grants.model_validate({"logins": json.loads(text)}))
    except ValueError as error:
        raise Misconfigured(
            f"{_USERS} is malformed: {_problem(error)}",
            'Write {"login": {"role": "global_admin", "password": "pbkdf2_sha256$..."}}',
        ) from None


class GrantsFile:
    """The grants of a TOML file, read again when it changes; of a broken new one the former list stands.

    Args:
        path: `[logins."ada@brook.edu"]` and `[groups."staff"]` with role and university.

    Raises:
        Misconfigured: the file cannot be read, or is malformed at the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._mark = self._stamp()
        self._grants = self._read()

    def __call__(self) -> Grants:
        """Return the grants in force now."""
        mark = self._stamp()
        with self._lock:
            if mark != self._mark:
                self._mark = mark
                try:
                    self._grants = self._read()
                except Misconfigured as error:
                    _LOG.error("%s; the former list stands", error)
            return self._grants

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> Grants:
        try:
            text = self._path.read_text(encoding="utf-8")
            return _safe(Grants.model_validate(tomllib.loads(text)))
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"the grants file {self._path} cannot be used: {_problem(error)}",
                'Write [logins."ada@brook.edu"] with role = "global_admin"',
            ) from None


class _DefaultPasswordError(ValueError):
    """A listed login has the password that everybody knows."""


def _safe(grants: Grants) -> Grants:
    for login, grant in grants.logins.items():
        if grant.password is not None and matches(DEFAULT_PASSWORD, grant.password):
            raise _DefaultPasswordError(f"the login {login} has the default password")
    return grants


def _problem(error: Exception) -> str:
    """Name what is wrong without the values: they may be hashes."""
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"] if part != "logins")
        return f"{place}: {fault['msg']}" if place else fault["msg"]
    if isinstance(error, _DefaultPasswordError):
        return str(error)
    return error.strerror or "" if isinstance(error, OSError) else "it cannot be parsed"
