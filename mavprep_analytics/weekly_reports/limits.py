"""How fast and how far sending may go: clock, pace, canary, breaker. Pure, but for the pacer's sleep."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.weekly_reports.outbox import Health, Progress

CANARY_MAILS = 100
CANARY_SHARE = 100
"""The second step: one in this many."""
CANARY_FROM = 1_000
"""Smaller audiences go at once: a hundred mails would tell hardly more than all of them."""
CANARY_COMPLAINTS = 2
"""One complaint may be chance where only a hundred mails are out."""
LARGEST_SKEW = timedelta(minutes=5)
JUDGED_FROM = 500
MOST_BOUNCES = 0.04
"""Amazon SES reviews an account at 5 % bounces."""
MOST_COMPLAINTS = 0.0008
"""Amazon SES reviews an account at 0.1 % complaints."""
FAILURES_JUDGED_FROM = 20
MOST_FAILURES = 0.2


def require_true_clock(here: datetime, there: datetime, who: str) -> None:
    """Pass when this machine's clock agrees with another's within five minutes.

    Raises:
        Misconfigured: it does not, and mails would leave at the wrong time.
    """
    skew = here - there
    if abs(skew) > LARGEST_SKEW:
        minutes, way = abs(skew) // timedelta(minutes=1), "ahead of" if here > there else "behind"
        raise Misconfigured(
            f"this machine's clock is {minutes} minutes {way} {who}'s",
            "Set it right (NTP), then send again",
        )


class BreakerOpen(Temporary):
    """Too many mails bounce, draw complaints or fail; the rest stays ready."""


def check_health(health: Health, *, is_canary: bool = False) -> None:
    """Pass when the last seven days look well.

    Args:
        health: of the last seven days.
        is_canary: whether a canary is out, which is judged although it is small.

    Raises:
        BreakerOpen: more than 4 % bounces or 0.08 % complaints of at least 500 mails, or of the canary
            (then at least 2 complaints).
    """
    if health.sent < (CANARY_MAILS if is_canary else JUDGED_FROM):
        return
    fewest = 1 if health.sent >= JUDGED_FROM else CANARY_COMPLAINTS
    for count, most, least, name in (
        (health.bounces, MOST_BOUNCES, 1, "bounces"),
        (health.complaints, MOST_COMPLAINTS, fewest, "complaints"),
    ):
        if count >= least and count / health.sent > most:
            raise BreakerOpen(
                f"sending stopped: {count} {name} of {health.sent} mails in seven days",
                "Look into the addresses; then go on with mavprep reports send --despite-bounces",
            )


def check_failures(tried: int, failed: int) -> None:
    """Pass when this run's attempts mostly succeed.

    Raises:
        BreakerOpen: more than a fifth of at least 20 attempts failed or ended unknown.
    """
    if tried >= FAILURES_JUDGED_FROM and failed / tried > MOST_FAILURES:
        raise BreakerOpen(
            f"sending stopped: {failed} of {tried} attempts failed",
            "Look at mavprep reports status and the mail service",
        )


def canary_allows(progress: Progress, pause: timedelta) -> int | None:
    """Return how many mails of the week may have been tried by now; null: all.

    First 100; after the pause 1 % of the audience if that is more; after another pause all.
    """
    if not pause or progress.audience < CANARY_FROM:
        return None
    is_rested = progress.since_last is not None and progress.since_last >= pause
    steps = sorted({CANARY_MAILS, max(CANARY_MAILS, progress.audience // CANARY_SHARE)})
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if progress.tried < step:
            return step
        if progress.tried == step:
            return following if is_rested else step
    return None


@dataclass
class Pacer:
    """Spaces calls evenly; a rate of 0 does not wait."""

    rate: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _next: float = field(default=0, init=False)

    def wait(self) -> None:
        """Wait until the next call may start."""
        if not self.rate:
            return
        now = self.clock()
        if self._next > now:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.rate
