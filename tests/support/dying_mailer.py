"""A mailer in a process of its own that kills itself at the n-th passage of a point of its delivery.

Run: python dying_mailer.py DATABASE_URL BACKEND POINT N, with BACKEND `ses` or a folder for files.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from report_lakes import WEEK
from report_mailers import MONDAY_EIGHT, KnownConsents, mailer

from mavprep_analytics.weekly_reports.backends.file import FileBackend
from mavprep_analytics.weekly_reports.backends.ses import SesBackend
from mavprep_analytics.weekly_reports.consents import Consent
from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.outbox import Outbox

POINTS = (
    "before flags",
    "after flags",
    "after suppress",
    "before claim",
    "after claim",
    "before call",
    "after call",
    "before record",
    "after record",
)
"""Every point at which something was just committed, or is about to be."""
REFUSED = "u1"
"""A student who switched the report off."""


class Death:
    """Kills this process when a point is passed for the n-th time."""

    def __init__(self, point: str, at: int) -> None:
        self._point, self._left = point, at

    def passing(self, point: str) -> None:
        """Pass a point, perhaps for the last time."""
        if point == self._point:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class DyingConsents(KnownConsents):
    """Flags with a death before and after their reading."""

    death: Death

    def read(self, users: Any) -> dict[str, Consent]:
        """See KnownConsents."""
        self.death.passing("before flags")
        flags = super().read(users)
        self.death.passing("after flags")
        return flags


def consents(death: Death | None = None) -> KnownConsents:
    """Return flags of everybody, of whom one refuses."""
    refused = {REFUSED: Consent(None, None, "weekly report switched off")}
    if death is None:
        return KnownConsents(dict(refused))
    dying = DyingConsents(dict(refused))
    dying.death = death
    return dying


def main(url: str, backend: str, point: str, at: int) -> None:
    """Deliver until the death."""
    death = Death(point, at)

    class DyingOutbox(Outbox):
        def suppress(self, *arguments: Any) -> int:
            marked = super().suppress(*arguments)
            death.passing("after suppress")
            return marked

        def claim(self, *arguments: Any) -> Any:
            death.passing("before claim")
            claimed = super().claim(*arguments)
            death.passing("after claim")
            return claimed

        def record(self, *arguments: Any) -> int:
            death.passing("before record")
            written = super().record(*arguments)
            death.passing("after record")
            return written

    class DyingSes(SesBackend):
        def send(self, message: Any) -> Any:
            death.passing("before call")
            outcome = super().send(message)
            death.passing("after call")
            return outcome

    class DyingFiles(FileBackend):
        batch = 2

        def send(self, message: Any) -> Any:
            death.passing("before call")
            outcome = super().send(message)
            death.passing("after call")
            return outcome

    chosen = DyingSes() if backend == "ses" else DyingFiles(Path(backend), WEEK)
    with DyingOutbox(url) as outbox:
        deliver(mailer(outbox, chosen, consents=consents(death)), WEEK, MONDAY_EIGHT)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
