"""Delivers a week's ready reports: flags, claim, one attempt, record. Never twice, never by guess.

A block of ready students is looked at, their flags are read, those who may not be mailed are marked
suppressed; the others are claimed (committed), attempted once, recorded. A run that dies in between
leaves claims that the next run settles as unknown.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from jinja2 import TemplateError
from msgspec import ValidationError

from mavprep_analytics.errors import Temporary
from mavprep_analytics.weekly_reports.backends import Backend, Outcome
from mavprep_analytics.weekly_reports.consents import Consent, Consents
from mavprep_analytics.weekly_reports.letters import Letterhead
from mavprep_analytics.weekly_reports.limits import (
    Pacer,
    canary_allows,
    check_failures,
    check_health,
)
from mavprep_analytics.weekly_reports.mime import HeaderRefused
from mavprep_analytics.weekly_reports.outbox import Claimed, Outbox, Recorded
from mavprep_analytics.weekly_reports.schedule import LATEST, monday, require_covered

BLOCK = 500
FLAGS_GOOD_FOR_SECONDS = 15 * 60


@dataclass
class Delivered:
    """What one run did.

    Args:
        waiting: ready reports that the canary or the service put off; they stay ready.
        stopped: why the run ended early; empty: it did not.
    """

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    expired: int = 0
    settled: int = 0
    waiting: int = 0
    stopped: str = ""

    @property
    def tried(self) -> int:
        """Attempts made."""
        return self.sent + self.failed + self.unknown

    @property
    def is_nothing(self) -> bool:
        """Whether no report changed its state."""
        changed = self.tried + self.suppressed + self.expired + self.settled
        return not changed and not self.stopped


@dataclass
class Mailer:
    """Everything that a delivery needs.

    Args:
        rate: mails per second at most; 0: what the backend allows.
        canary_pause: between the canary's steps; zero: none.
        clock: monotonic seconds, for the age of the flags.
        tick: told the number of reports settled.
    """

    outbox: Outbox
    backend: Backend
    consents: Consents
    letterhead: Letterhead
    rate: float = 0
    canary_pause: timedelta = timedelta(0)
    clock: Callable[[], float] = time.monotonic
    tick: Callable[[int], None] = field(default=lambda _: None)


def deliver(mailer: Mailer, week: date, now: datetime) -> Delivered:
    """Send every ready report of the week that is due.

    Args:
        mailer: with what.
        week: the reported week's Monday.
        now: the instant that decides what is due and what is too late.

    Raises:
        Held: the newest publication does not cover the week.
        BreakerOpen: too many bounces, complaints or failures; the rest stays ready.
        Temporary: database or flags did not answer; nothing is sent without them.
    """
    require_covered(monday(week), mailer.outbox.newest_as_of())
    done = Delivered(settled=mailer.outbox.settle_abandoned(week))
    if mailer.backend.has_deadline:
        done.expired = mailer.outbox.expire(week, now - LATEST)
    try:
        _send_all(mailer, week, now, done)
    finally:
        mailer.backend.close()
    return done


def _send_all(mailer: Mailer, week: date, now: datetime, done: Delivered) -> None:
    due_by = now if mailer.backend.has_deadline else None
    pacer = Pacer(mailer.rate or mailer.backend.rate())
    while users := mailer.outbox.ready(week, due_by, BLOCK):
        if mailer.backend.has_deadline:
            check_health(mailer.outbox.health())
            allowed = _canary(mailer, week, now)
            if allowed is not None and allowed < len(users):
                users, done.waiting = users[:allowed], len(users) - allowed
        _send_block(mailer, week, users, now, pacer, done)
        if done.stopped or done.waiting:
            return


def _canary(mailer: Mailer, week: date, now: datetime) -> int | None:
    progress = mailer.outbox.progress(week)
    most = canary_allows(progress, now, mailer.canary_pause)
    return None if most is None else max(0, most - progress.tried)


def _send_block(
    mailer: Mailer, week: date, users: list[str], now: datetime, pacer: Pacer, done: Delivered
) -> None:
    for batch, flags in _with_fresh_flags(mailer, users):
        hashes = _allowed(mailer, week, batch, flags, done)
        claimed = mailer.outbox.claim(week, hashes, mailer.backend.name)
        outcomes = []
        for report in claimed:
            if done.stopped:
                outcomes.append(Recorded(report.user_id, "ready", done.stopped))
                continue
            outcomes.append(_attempt(mailer, week, report, flags[report.user_id], now, pacer, done))
        if outcomes:
            mailer.outbox.record(week, outcomes, mailer.letterhead.renderer.version)
        mailer.tick(len(batch))
        check_failures(done.tried, done.failed + done.unknown)
        if done.stopped:
            return


def _with_fresh_flags(
    mailer: Mailer, users: Sequence[str]
) -> Iterator[tuple[Sequence[str], dict[str, Consent]]]:
    """Yield batches with flags that are at most 15 minutes old when the batch begins."""
    flags: dict[str, Consent] = {}
    read_at = 0.0
    for start in range(0, len(users), mailer.backend.batch):
        if not flags or mailer.clock() - read_at > FLAGS_GOOD_FOR_SECONDS:
            read_at = mailer.clock()
            flags = mailer.consents.read(users[start:])
        yield users[start : start + mailer.backend.batch], flags


def _allowed(
    mailer: Mailer,
    week: date,
    batch: Sequence[str],
    flags: dict[str, Consent],
    done: Delivered,
) -> dict[str, str]:
    """Return student -> address hash of those who may be mailed; the others are marked."""
    refused = {user: str(flags[user].refusal) for user in batch if flags[user].refusal}
    keys = mailer.letterhead.keys
    hashes = {
        user: keys.hash_of(str(flags[user].email).lower()) for user in batch if user not in refused
    }
    refused |= mailer.outbox.suppressed(hashes)
    if refused:
        done.suppressed += mailer.outbox.suppress(week, refused)
    return {user: key for user, key in hashes.items() if user not in refused}


def _attempt(
    mailer: Mailer,
    week: date,
    report: Claimed,
    flags: Consent,
    now: datetime,
    pacer: Pacer,
    done: Delivered,
) -> Recorded:
    user = report.user_id
    try:
        message = mailer.letterhead.write(report, week, str(flags.email), flags.name, now)
    except (HeaderRefused, TemplateError, ValidationError) as error:
        done.failed += 1
        return Recorded(user, "failed", f"not rendered: {type(error).__name__}")
    pacer.wait()
    outcome = mailer.backend.send(message)
    return _recorded(user, message.message_id, outcome, done)


def _recorded(user: str, message_id: str, outcome: Outcome, done: Delivered) -> Recorded:
    if outcome.result == "sent":
        done.sent += 1
        return Recorded(user, "sent", None, outcome.detail)
    if outcome.result == "failed":
        done.failed += 1
        return Recorded(user, "failed", outcome.detail)
    if outcome.result == "unknown":
        done.unknown += 1
        return Recorded(user, "unknown", outcome.detail, message_id)
    done.stopped = outcome.detail
    return Recorded(user, "ready", outcome.detail)


def require_complete(done: Delivered) -> None:
    """Pass when the run was not cut short.

    Raises:
        Temporary: the service stopped taking mails; the rest stays ready.
    """
    if done.stopped:
        raise Temporary(
            f"the mail service takes no more: {done.stopped}; {done.sent} sent",
            "Run again later; what is left stays ready for 72 hours",
        )
