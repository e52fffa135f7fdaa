"""The outbox in Postgres: freeze, claim, record, settle. Each method is one transaction.

ready -> claimed -> sent | failed | unknown | ready;  ready -> suppressed | expired
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from psycopg.sql import Composed
from psycopg.types.string import TextLoader

from mavprep_analytics.erased_users import NOBODY, ErasedUsers
from mavprep_analytics.errors import DataRefused
from mavprep_analytics.postgres import explained, place, session, statement
from mavprep_analytics.tables.weekly_reports import STATUSES
from mavprep_analytics.weekly_reports.payload import Kind

_LOCK_CLASS = 1_297_437_778
"""Advisory locks of this class belong to living mailers."""
REPEATABLE = ("file",)
_STAGED = (
    "copy new_reports (user_id, week_start, kind, language, timezone, due_at, payload, "
    "payload_version, subject, as_of, lake_version, status, reason) from stdin"
)


class NewReport(NamedTuple):
    """A row to freeze; payload is JSON text. One that could not be chosen is `failed`, with a reason."""

    user_id: str
    week_start: date
    kind: Kind
    language: str
    timezone: str
    due_at: datetime
    payload: str
    payload_version: int
    subject: str
    as_of: date
    lake_version: int
    status: Literal["ready", "failed"] = "ready"
    reason: str | None = None


class Claimed(NamedTuple):
    """A claimed report; payload is JSON text."""

    user_id: str
    payload: str
    language: str
    subject: str


class Stored(NamedTuple):
    """A frozen report; payload is JSON text."""

    user_id: str
    week_start: date
    payload: str
    language: str
    subject: str
    status: str
    reason: str | None
    lake_version: int


@dataclass(frozen=True)
class Recorded:
    """One outcome to write."""

    user_id: str
    status: str
    reason: str | None = None
    message_id: str | None = None


@dataclass(frozen=True)
class Health:
    """Mails of the last seven days."""

    sent: int
    bounces: int
    complaints: int


@dataclass(frozen=True)
class Progress:
    """How far a week's sending is; since_last (the last mail, by the database's clock) is null before it."""

    audience: int
    tried: int
    since_last: timedelta | None


class Outbox:
    """The week's reports in one database, over a connection of its own; a context manager."""

    def __init__(self, url: str) -> None:
        """Name the database; the connection opens with the context.

        Args:
            url: `postgresql://…`.
        """
        self.key = secrets.randbelow(2**31 - 1) + 1
        """Stands for this mailer in claimed_by."""
        self._url = url
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Connect and mark this mailer as alive.

        Raises:
            Misconfigured: the address or permission is wrong.
            Temporary: the database does not answer.
        """
        self._connection = self._open.enter_context(session(self._url))
        self._connection.adapters.register_loader("jsonb", TextLoader)
        with explained(place(self._url)):
            self._connection.execute("select pg_advisory_lock(%s, %s)", (_LOCK_CLASS, self.key))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def clock(self) -> datetime:
        """Return the database's time."""
        now: datetime = self._rows("clock")[0][0]
        return now

    def newest_as_of(self) -> date | None:
        """Return the newest publication's as-of date; null: nothing is published."""
        rows = self._rows("newest_as_of")
        return rows[0][0] if rows else None

    def covering_publication(self, week: date) -> tuple[date, int] | None:
        """Return as-of date and lake version of the publication nearest to the week's end.

        Null: no publication reaches the week's Sunday.
        """
        rows = self._rows("covering_publication", sunday=week + timedelta(days=6))
        return rows[0] if rows else None

    def erased(self) -> ErasedUsers:
        """Return the erasure list."""
        with explained(place(self._url)):
            rows = self._connection.execute(statement("publication/erasure_list")).fetchall()
        if not rows:
            return NOBODY
        return ErasedUsers(bytes.fromhex(rows[0][0]), frozenset(hashed for _, hashed in rows))

    def known(self, week: date, users: Sequence[str]) -> set[str]:
        """Return which of the students have a report of the week already."""
        return {user for (user,) in self._rows("known", week=week, users=list(users))}

    def freeze(self, reports: Iterable[NewReport]) -> int:
        """Add reports, all or none, and return how many were new."""
        with (
            explained(place(self._url)),
            self._connection.transaction(),
            self._connection.cursor() as cursor,
        ):
            cursor.execute(_statement("stage"))
            with cursor.copy(_STAGED) as copy:
                for report in reports:
                    copy.write_row(report)
            cursor.execute(_statement("freeze"))
            return cursor.rowcount

    def ready(
        self,
        week: date,
        due_by: datetime | None,
        limit: int,
        without: Sequence[str] = (),
        bucket: datetime | None = None,
    ) -> list[str]:
        """Return students whose mail is ready, the longest due first.

        Args:
            week: the reported week.
            due_by: only those due by then; null: at any time.
            limit: at most so many.
            without: students to leave out.
            bucket: only those due at exactly then; null: all.
        """
        rows = self._rows(
            "ready", week=week, due_by=due_by, most=limit, without=list(without), bucket=bucket
        )
        return [user for (user,) in rows]

    def claim(self, week: date, hashes: Mapping[str, str], backend: str) -> list[Claimed]:
        """Claim the students' reports; those suppressed or claimed by another are left out.

        Args:
            week: the reported week.
            hashes: student -> keyed hash of the address that the mail will go to.
            backend: for the ledger.
        """
        rows = self._rows(
            "claim",
            week=week,
            users=list(hashes),
            address_hashes=list(hashes.values()),
            backend=backend,
            claimed_by=str(self.key),
        )
        return [Claimed(*row) for row in rows]

    def suppressed(self, hashes: Mapping[str, str]) -> dict[str, str]:
        """Return student -> reason for those who, or whose address, are suppressed."""
        return dict(
            self._rows("suppressed", users=list(hashes), address_hashes=list(hashes.values()))
        )

    def suppress(self, week: date, reasons: Mapping[str, str]) -> int:
        """Mark ready reports as suppressed and return how many were."""
        return self._change(
            "suppress", week=week, users=list(reasons), reasons=list(reasons.values())
        )

    def record(self, week: date, outcomes: Sequence[Recorded], template_version: str) -> int:
        """Write the outcomes of this mailer's claims and return how many were written."""
        return self._change(
            "record",
            week=week,
            users=[o.user_id for o in outcomes],
            statuses=[o.status for o in outcomes],
            reasons=[o.reason for o in outcomes],
            message_ids=[o.message_id for o in outcomes],
            template_version=template_version,
            claimed_by=str(self.key),
        )

    def settle_abandoned(self, week: date) -> int:
        """Settle the claims of mailers that are gone and return how many there were."""
        return self._change(
            "abandoned", week=week, repeatable=list(REPEATABLE), lock_class=_LOCK_CLASS
        )

    def retry_never_sent(self, week: date, due_after: datetime) -> int:
        """Make ready once more what the provider's events show was never sent; return how many.

        Only reports tried a day ago or earlier and due after the given instant, and only while the events
        of all mails around them are on record.
        """
        return self._change("never_sent", week=week, due_after=due_after)

    def expire(self, week: date | None, due_after: datetime) -> int:
        """Expire ready reports that were due before then; a null week means all."""
        return self._change("expire", week=week, due_after=due_after)

    def counts(self, week: date) -> dict[str, int]:
        """Return the number of reports in each state, zeros included; they sum to the audience."""
        return dict.fromkeys(STATUSES, 0) | dict(self._rows("counts", week=week))

    def reasons(self, week: date) -> list[tuple[str, str, int]]:
        """Return (status, reason, reports)."""
        return self._rows("reasons", week=week)

    def unknown(self, week: date) -> list[tuple[str, str | None, datetime]]:
        """Return (student, reason, claimed at) of the reports whose outcome is unknown."""
        return self._rows("unknown", week=week)

    def buckets(self, week: date) -> list[tuple[datetime, int]]:
        """Return (send time, waiting reports) of the week."""
        return self._rows("buckets", week=week)

    def resolve(self, week: date, user_id: str, status: str) -> None:
        """Settle one unknown report as `sent`, `failed`, or `ready` for one more try.

        Raises:
            DataRefused: there is no unknown report of that student and week.
        """
        if not self._change("resolve", week=week, user_id=user_id, status=status):
            raise DataRefused(
                f"{user_id} has no unknown report for the week of {week}",
                f"See mavprep reports status --week {week}",
            )

    def report(self, week: date, user_id: str) -> Stored | None:
        """Return one frozen report; null: there is none."""
        rows = self._rows("report", week=week, user_id=user_id)
        return Stored(*rows[0]) if rows else None

    def sample(self, week: date) -> list[Claimed]:
        """Return the largest reports of the week and some of the others, none claimed."""
        return [Claimed(*row) for row in self._rows("sample", week=week)]

    def rows_of(self, week: date) -> int:
        """Return the number of the week's reports, whatever their state."""
        return sum(self.counts(week).values())

    def health(self) -> Health:
        """Return mails, bounces and complaints of the last seven days."""
        return Health(*self._rows("health")[0])

    def progress(self, week: date) -> Progress:
        """Return how far the week's sending is."""
        return Progress(*self._rows("progress", week=week)[0])

    def opt_out(self, scope: str, key: str, reason: str) -> None:
        """Suppress a student (`user`, by id) or an `address` (by its keyed hash), from now on."""
        self._change("opt_out", scope=scope, key=key, reason=reason)

    def event(self, message_id: str, tag: str, kind: str, occurred_at: datetime) -> bool:
        """Record a provider event once; a `send` settles the unknown report with that tag.

        Returns:
            False for a copy of an event that was recorded before.
        """
        with explained(place(self._url)), self._connection.transaction():
            is_new = self._change(
                "event", message_id=message_id, kind=kind, occurred_at=occurred_at
            )
            if is_new and kind == "send":
                self._change("event_sent", message_id=message_id, tag=tag, occurred_at=occurred_at)
        return bool(is_new)

    def _rows(self, name: str, **parameters: Any) -> list[Any]:
        with explained(place(self._url)):
            return self._connection.execute(_statement(name), parameters).fetchall()

    def _change(self, name: str, **parameters: Any) -> int:
        with explained(place(self._url)):
            return self._connection.execute(_statement(name), parameters).rowcount


def _statement(name: str) -> Composed:
    return statement(f"weekly_reports/outbox/{name}")
