"""Delivers a week's ready reports: flags, claim, one attempt, record. Never twice, never by guess.

A block of ready students is looked at, their flags are read, those who may not be mailed are marked
suppressed; the others are claimed (committed), attempted once, recorded. A run that dies in between
leaves claims that the next run settles as unknown.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from jinja2 import TemplateError
from msgspec import ValidationError

from mavprep_analytics.errors import Temporary
from mavprep_analytics.weekly_reports.backends import Backend, Outcome
from mavprep_analytics.weekly_reports.consents import Consent, Consents
from mavprep_analytics.weekly_reports.letters import Letterhead
from mavprep_analytics.weekly_reports.limits import (
    CANARY_MAILS,
    Pacer,
    canary_allows,
    check_failures,
    check_health,
    require_true_clock,
)
from mavprep_analytics.weekly_reports.mime import HeaderRefused, Message
from mavprep_analytics.weekly_reports.outbox import Claimed, Outbox, Recorded
from mavprep_analytics.weekly_reports.schedule import LATEST, monday, require_covered

BLOCK = 500
FLAGS_GOOD_FOR_SECONDS = 15 * 60
LONGEST_WAIT_SECONDS = 600.0


@dataclass
class Delivered:
    """What one run did.

    Args:
        settled: claims of an interrupted run that were settled as ready or unknown.
        retried: unknown reports that the provider's events show were never sent, made ready once more.
        held_by: what holds ready reports back, and until when; empty: nothing.
        put_off: mails that the service refused for now; they stay ready.
        stopped: why the run ended early; empty: it did not.
    """

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    expired: int = 0
    settled: int = 0
    retried: int = 0
    held_by: str = ""
    put_off: int = 0
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
        rate: mails per second at most, within what the backend allows; 0: just that.
        canary_pause: between the canary's steps; zero: none.
        minds_health: whether bounces and complaints stop the run.
        clock: monotonic seconds, for the age of the flags and the pace.
        sleep: how to wait.
        is_stopping: whether the run was told to end: the mail in flight is the last.
        tick: told the number of reports settled.
    """

    outbox: Outbox
    backend: Backend
    consents: Consents
    letterhead: Letterhead
    rate: float = 0
    canary_pause: timedelta = timedelta(0)
    minds_health: bool = True
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    is_stopping: Callable[[], bool] = lambda: False
    tick: Callable[[int], None] = field(default=lambda _: None)


def deliver(mailer: Mailer, week: date, now: datetime, bucket: datetime | None = None) -> Delivered:
    """Send every ready report of the week that is due.

    Args:
        mailer: with what.
        week: the reported week's Monday.
        now: the instant that decides what is due and what is too late.
        bucket: only the reports due at exactly then; null: all.

    Raises:
        Held: the newest publication does not cover the week.
        Misconfigured: this machine's clock is off, or the backend cannot send.
        BreakerOpen: too many bounces, complaints or failures; the rest stays ready.
        Temporary: database or flags did not answer; nothing is sent without them.
    """
    require_covered(monday(week), mailer.outbox.newest_as_of())
    if mailer.backend.has_deadline:
        require_true_clock(datetime.now(UTC), mailer.outbox.clock(), "the database")
    mailer.backend.open()
    done = Delivered(settled=mailer.outbox.settle_abandoned(week))
    if mailer.backend.has_deadline:
        done.retried = mailer.outbox.retry_never_sent(week, now - LATEST)
        done.expired = mailer.outbox.expire(week, now - LATEST)
    try:
        _Run(mailer, week, now, done).send_all(bucket)
    finally:
        mailer.backend.close()
    return done


class _Run:
    """One run over a week's ready reports."""

    def __init__(self, mailer: Mailer, week: date, now: datetime, done: Delivered) -> None:
        self._mailer, self._week, self._now, self._done = mailer, week, now, done
        self._outbox, self._backend = mailer.outbox, mailer.backend
        rates = [rate for rate in (mailer.rate, mailer.backend.rate()) if rate]
        self._pacer = Pacer(min(rates, default=0), mailer.clock, mailer.sleep)
        self._put_off: list[str] = []

    def send_all(self, bucket: datetime | None) -> None:
        due_by = self._now if self._backend.has_deadline else None
        while users := self._outbox.ready(self._week, due_by, BLOCK, self._put_off, bucket):
            allowed = self._allowance(len(users))
            self._send_block(users[:allowed])
            if self._done.stopped or allowed < len(users):
                return

    def _allowance(self, wanted: int) -> int:
        """Return how many of the wanted mails health, canary and quota allow now."""
        if not self._backend.has_deadline:
            return wanted
        progress = self._outbox.progress(self._week)
        most = canary_allows(progress, self._mailer.canary_pause)
        is_canary = most is not None and progress.tried >= CANARY_MAILS
        if self._mailer.minds_health:
            check_health(self._outbox.health(), is_canary=is_canary)
        canary = wanted if most is None else max(0, most - progress.tried)
        quota = self._backend.quota()
        left = wanted if quota is None else max(0, quota - self._done.sent)
        if canary < wanted and canary <= left:
            rest = self._mailer.canary_pause - (progress.since_last or timedelta(0))
            self._done.held_by = f"the canary of {most:,} mails; go on in {_minutes(rest)} minutes"
        elif left < wanted:
            self._done.held_by = "the account's daily quota; go on tomorrow"
        return min(wanted, canary, left)

    def _send_block(self, users: Sequence[str]) -> None:
        for batch, flags in self._with_fresh_flags(users):
            hashes = self._allowed(batch, flags)
            claimed = self._outbox.claim(self._week, hashes, self._backend.name)
            outcomes = [self._attempt(report, flags[report.user_id]) for report in claimed]
            outcomes = self._corrected(outcomes, self._backend.settle())
            if outcomes:
                version = self._mailer.letterhead.renderer.version
                self._outbox.record(self._week, outcomes, version)
            self._mailer.tick(len(batch))
            check_failures(self._done.tried, self._done.failed + self._done.unknown)
            if self._done.stopped:
                return

    def _with_fresh_flags(
        self, users: Sequence[str]
    ) -> Iterator[tuple[Sequence[str], dict[str, Consent]]]:
        """Yield batches with flags that are at most 15 minutes old when the batch begins."""
        clock, batch = self._mailer.clock, self._backend.batch
        flags: dict[str, Consent] = {}
        read_at = 0.0
        for start in range(0, len(users), batch):
            if not flags or clock() - read_at > FLAGS_GOOD_FOR_SECONDS:
                read_at = clock()
                flags = self._mailer.consents.read(users[start:])
            yield users[start : start + batch], flags

    def _allowed(self, batch: Sequence[str], flags: dict[str, Consent]) -> dict[str, str]:
        """Return student -> address hash of those who may be mailed; the others are marked."""
        refused = {user: str(flags[user].refusal) for user in batch if flags[user].refusal}
        address_hash = self._mailer.letterhead.keys.address_hash
        hashes = {
            user: address_hash(str(flags[user].email)) for user in batch if user not in refused
        }
        refused |= self._outbox.suppressed(hashes)
        if refused:
            self._done.suppressed += self._outbox.suppress(self._week, refused)
        return {user: key for user, key in hashes.items() if user not in refused}

    def _attempt(self, report: Claimed, flags: Consent) -> Recorded:
        """Write the letter, make the one attempt, and return what to record."""
        if self._mailer.is_stopping():
            self._done.stopped = "a signal stopped the run"
        if self._done.stopped:
            return Recorded(report.user_id, "ready", self._done.stopped)
        try:
            message = self._mailer.letterhead.write(
                report, self._week, str(flags.email), flags.name, self._now
            )
        except (HeaderRefused, TemplateError, ValidationError) as error:
            self._done.failed += 1
            return Recorded(report.user_id, "failed", f"not rendered: {type(error).__name__}")
        return self._recorded(report.user_id, message.message_id, self._send(message))

    def _corrected(self, outcomes: list[Recorded], broken: dict[str, str]) -> list[Recorded]:
        """Put back to ready what turned out not to be sent; the run stops then."""
        for reason in broken.values():
            self._done.sent -= 1
            self._done.stopped = reason
        return [
            Recorded(o.user_id, "ready", broken[o.user_id]) if o.user_id in broken else o
            for o in outcomes
        ]

    def _send(self, message: Message) -> Outcome:
        """Make one attempt; only a refusal for the moment is tried again, for ten minutes at most."""
        waited, pause = 0.0, 1.0
        while True:
            self._pacer.wait()
            outcome = self._backend.send(message)
            if outcome.result != "throttled":
                return outcome
            if waited + pause > LONGEST_WAIT_SECONDS or self._mailer.is_stopping():
                return Outcome("stopped", outcome.detail)
            self._mailer.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, 60.0)

    def _recorded(self, user: str, message_id: str, outcome: Outcome) -> Recorded:
        done, detail = self._done, outcome.detail
        if outcome.result == "sent":
            done.sent += 1
            return Recorded(user, "sent", None, detail)
        if outcome.result == "failed":
            done.failed += 1
            return Recorded(user, "failed", detail)
        if outcome.result == "unknown":
            done.unknown += 1
            return Recorded(user, "unknown", detail, message_id)
        if outcome.result == "later":
            self._put_off.append(user)
            done.put_off += 1
        else:
            done.stopped = detail
        return Recorded(user, "ready", detail)


def _minutes(pause: timedelta) -> int:
    """Return whole minutes, rounded up, at least 1."""
    return max(1, -(-pause // timedelta(minutes=1)))


def require_complete(done: Delivered) -> None:
    """Pass when the run was not cut short.

    Raises:
        Temporary: the service stopped taking mails, or a signal the run; the rest stays ready.
    """
    if done.stopped:
        raise Temporary(
            f"sending ended early: {done.stopped}; {done.sent} sent",
            "Run again later; what is left stays ready for 72 hours",
        )
