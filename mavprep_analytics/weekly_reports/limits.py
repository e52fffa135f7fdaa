"""How fast and how far sending may go: pacing, the canary, the breaker. Pure, but for the pacer's sleep."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mavprep_analytics.errors import Temporary
from mavprep_analytics.weekly_reports.outbox import Health, Progress

CANARY_MAILS = 100
CANARY_SHARE = 100
"""The second step: one in this many."""
JUDGED_FROM = 500
MOST_BOUNCES = 0.04
"""Amazon SES reviews an account at 5 % bounces."""
MOST_COMPLAINTS = 0.0008
"""Amazon SES reviews an account at 0.1 % complaints."""
FAILURES_JUDGED_FROM = 20
MOST_FAILURES = 0.2


class BreakerOpen(Temporary):
    """Too many mails bounce, draw complaints or fail; the rest stays ready."""


def check_health(health: Health) -> None:
    """Pass when the last seven days look well.

    Raises:
        BreakerOpen: more than 4 % bounces or 0.08 % complaints of at least 500 mails.
    """
    if health.sent < JUDGED_FROM:
        return
    for count, most, name in (
        (health.bounces, MOST_BOUNCES, "bounces"),
        (health.complaints, MOST_COMPLAINTS, "complaints"),
    ):
        if count / health.sent > most:
            raise BreakerOpen(
                f"sending stopped: {count} {name} of {health.sent} mails in seven days",
                "Look into the addresses before sending more",
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


def canary_allows(progress: Progress, now: datetime, pause: timedelta) -> int | None:
    """Return how many mails of the week may have been tried by now; null: all.

    First 100; after the pause 1 % of the audience if that is more; after another pause all.
    """
    if not pause:
        return None
    started = progress.first_sent_at or now
    if now - started < pause:
        return CANARY_MAILS
    if now - started < 2 * pause:
        return max(CANARY_MAILS, progress.audience // CANARY_SHARE)
    return None


@dataclass
class Pacer:
    """Spaces calls evenly; a rate of 0 does not wait."""

    rate: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = field(default=0, init=False)

    def wait(self) -> None:
        """Wait until the next call may start."""
        if not self.rate:
            return
        now = self.clock()
        if self._next > now:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.rate
