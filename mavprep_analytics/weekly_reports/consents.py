"""Who may be mailed right now, and where: read from the lake just before a block of mails goes.

The newest lake version is asked, not the one that the numbers came from. The suppression table in
Postgres, which holds unsubscribes at once, is asked by the outbox with every claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import duckdb

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import Lake
from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.weekly_reports.mime import is_address

_TABLES = ("core_profiles", "core_settings", "core_identities")


@dataclass(frozen=True)
class Consent:
    """One student's current flags.

    Args:
        email: current address; null unless the mail may go.
        name: full name; null: not given.
        refusal: why no mail may go; null: it may.
    """

    email: str | None
    name: str | None
    refusal: str | None


DELETED = Consent(None, None, "deleted")


class Consents(Protocol):
    """Where the flags are read."""

    def read(self, users: Sequence[str]) -> dict[str, Consent]:
        """Return every given student's current flags."""


class LakeConsents:
    """The flags of the newest lake version."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._number = -1
        self._database = duckdb.connect()

    def read(self, users: Sequence[str]) -> dict[str, Consent]:
        """See Consents; a student without a PROFILE is gone.

        Raises:
            DataRefused: the lake lacks the tables; nobody may be mailed then.
        """
        self._follow_head()
        sql = read_packaged("sql/weekly_reports/audience/consents.sql")
        rows = self._database.execute(sql, {"users": list(users)}).fetchall()
        found = {user: consent(*flags) for user, *flags in rows}
        return {user: found.get(user, DELETED) for user in users}

    def _follow_head(self) -> None:
        head = self._lake.head()
        if head.number == self._number:
            return
        for table in _TABLES:
            if table not in head.tables:
                raise DataRefused(
                    f"lake version {head.number} has no table {table}", "Run the nightly job first"
                )
            paths = [str(path) for path in self._lake.local_files(head.tables[table])]
            self._database.read_parquet(paths).create_view(table, replace=True)
        self._number = head.number


def consent(
    email: str | None,
    name: str | None,
    is_verified: bool,
    wants_email: bool | None,
    wants_report: bool | None,
) -> Consent:
    """Decide from the flags; all must hold, and the first that does not is the reason."""
    refusal = None
    if not is_verified:
        refusal = "address not verified"
    elif not wants_email:
        refusal = "e-mail switched off"
    elif not wants_report:
        refusal = "weekly report switched off"
    elif email is None or not is_address(email):
        refusal = "no usable address"
    return Consent(None if refusal else email, name, refusal)
