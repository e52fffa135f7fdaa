"""A mailer killed at each point of a delivery: no mail is accepted twice, every report has a state."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import dying_mailer
import pytest
from dying_mailer import POINTS, consents
from fake_ses import FakeSes
from report_lakes import WEEK
from report_mailers import MONDAY_EIGHT, freeze, mailer

from mavprep_analytics.weekly_reports.backends.file import FileBackend
from mavprep_analytics.weekly_reports.backends.ses import SesBackend
from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.outbox import Outbox

USERS = [f"u{n}" for n in range(6)]
ROOT = Path(__file__).parents[3]
UNKNOWN_AT = ("after claim", "before call", "after call", "before record")
"""Points at which a claim is committed and its outcome is not."""
OFTEN = ("after suppress", "after claim", "after call", "after record")
"""Points right after a commit or a call; the others run with the long tests."""


def kill_at(url: str, backend: str, point: str, at: int) -> int:
    """Run a mailer in a process of its own until it kills itself; return how it ended."""
    program = [sys.executable, dying_mailer.__file__, url, backend, point, str(at)]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.run(program, env=environment, timeout=300, check=False).returncode


@pytest.mark.parametrize(
    "point",
    [pytest.param(point, marks=[] if point in OFTEN else [pytest.mark.long]) for point in POINTS],
)
def test_a_killed_mailer_never_leads_to_a_second_mail(
    published_url: str, ses: FakeSes, point: str
) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, USERS)
    deaths = (1, 3) if point in ("after claim", "after call") else (1,)
    ends = [kill_at(published_url, "ses", point, at) for at in deaths]

    with Outbox(published_url) as outbox:
        again = mailer(outbox, SesBackend(), consents=consents())
        settled = deliver(again, WEEK, MONDAY_EIGHT).settled
        counts = outbox.counts(WEEK)

    lost = len(deaths) if point in UNKNOWN_AT else 0
    assert ends == [-signal.SIGKILL] * len(deaths)
    assert max(ses.accepted.values()) == max(ses.requests.values()) == 1
    assert counts == {
        "ready": 0, "claimed": 0, "failed": 0, "expired": 0,
        "suppressed": 1, "unknown": lost, "sent": len(USERS) - 1 - lost,
    }  # fmt: skip
    assert settled == (1 if lost else 0)


@pytest.mark.parametrize("point", ["after claim", "after call", "before record"])
def test_files_of_a_killed_run_are_written_again_since_that_does_no_harm(
    published_url: str, tmp_path: Path, point: str
) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, USERS)
    assert kill_at(published_url, str(tmp_path), point, 1) == -signal.SIGKILL

    with Outbox(published_url) as outbox:
        deliver(
            mailer(outbox, FileBackend(tmp_path, WEEK), consents=consents()), WEEK, MONDAY_EIGHT
        )
        counts = outbox.counts(WEEK)

    written = Counter(path.stem for path in tmp_path.rglob("*.eml"))
    assert (counts["sent"], counts["unknown"]) == (5, 0)
    assert written == Counter(user for user in USERS if user != dying_mailer.REFUSED)


def test_a_record_that_fails_leaves_the_report_unknown(published_url: str, ses: FakeSes) -> None:
    class Forgetful(Outbox):
        def record(self, *arguments: object) -> int:
            raise ConnectionError("the database went away")

    with Forgetful(published_url) as outbox:
        freeze(outbox, USERS)
        with pytest.raises(ConnectionError):
            deliver(mailer(outbox, SesBackend()), WEEK, MONDAY_EIGHT)
    with Outbox(published_url) as after:
        deliver(mailer(after, SesBackend()), WEEK, MONDAY_EIGHT)

        assert after.counts(WEEK)["unknown"] == 1
        assert max(ses.accepted.values()) == 1
