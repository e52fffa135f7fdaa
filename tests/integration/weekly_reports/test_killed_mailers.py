"""A mailer killed at each point of a delivery: no mail is accepted twice, every report has a state."""

import multiprocessing
import os
import signal
from typing import Any

import pytest
from fake_ses import FakeSes
from report_lakes import WEEK
from report_mailers import MONDAY_EIGHT, freeze, mailer

from mavprep_analytics.weekly_reports.backends.ses import SesBackend
from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.outbox import Outbox

USERS = [f"u{n}" for n in range(6)]
POINTS = ("before claim", "after claim", "after accept", "after record")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _deliver_and_die(url: str, point: str, at: int) -> None:
    """Run a delivery in a process of its own that kills itself at the n-th passage of a point."""
    passed = 0

    def pass_by(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == at:
            _die()

    class DyingOutbox(Outbox):
        def claim(self, *arguments: Any) -> Any:
            pass_by("before claim")
            claimed = super().claim(*arguments)
            pass_by("after claim")
            return claimed

        def record(self, *arguments: Any) -> int:
            written = super().record(*arguments)
            pass_by("after record")
            return written

    class DyingBackend(SesBackend):
        def send(self, message: Any) -> Any:
            outcome = super().send(message)
            pass_by("after accept")
            return outcome

    with DyingOutbox(url) as outbox:
        deliver(mailer(outbox, DyingBackend()), WEEK, MONDAY_EIGHT)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_mailer_never_leads_to_a_second_mail(
    published_url: str, ses: FakeSes, point: str
) -> None:
    spawn = multiprocessing.get_context("fork")
    with Outbox(published_url) as outbox:
        freeze(outbox, USERS)
    for at in (1, 3):
        child = spawn.Process(target=_deliver_and_die, args=(published_url, point, at))
        child.start()
        child.join(60)
        assert child.exitcode == -signal.SIGKILL

    with Outbox(published_url) as outbox:
        settled = deliver(mailer(outbox, SesBackend()), WEEK, MONDAY_EIGHT).settled
        counts = outbox.counts(WEEK)

    lost = point in ("after claim", "after accept")
    assert max(ses.accepted.values()) == 1
    assert counts["sent"] + counts["unknown"] == len(USERS) == sum(counts.values())
    assert counts["unknown"] == (2 if lost else 0)
    assert settled == (1 if lost else 0)
