"""The whole command over a fake Amazon SES: who is mailed, when, once, and what a stopped service leaves."""

from itertools import product
from pathlib import Path

import pytest
from fake_ses import FakeSes
from report_lakes import WEEK, identity, profile, publish, quiet_week, report_lake, week, wishes
from typer.testing import CliRunner, Result

from mavprep_analytics.cli.reports import app
from mavprep_analytics.errors import Misconfigured, NothingNew, Temporary
from mavprep_analytics.weekly_reports.outbox import Outbox

DUE = "2026-11-16T13:00:00Z"
"""Monday 07:00 in Chicago, where everybody lives."""


@pytest.fixture(autouse=True)
def real_mail(monkeypatch: pytest.MonkeyPatch, ses: FakeSes) -> None:
    monkeypatch.setenv("MAVPREP_EMAIL_BACKEND", "ses")
    monkeypatch.setenv("MAVPREP_EMAIL_SENDER", "MavPrep <reports@mavprep.example>")
    monkeypatch.setenv("MAVPREP_TOKEN_KEYS", "k1:a secret of sixteen or more")


def send(*more: str) -> Result:
    return CliRunner().invoke(app, ["send", "--week", str(WEEK), *more], catch_exceptions=False)


def test_only_who_has_every_flag_an_address_and_activity_is_mailed_and_once(
    reports_environment: Path, database_url: str, ses: FakeSes
) -> None:
    combinations = {
        "".join("ny"[flag] for flag in flags): flags for flags in product([True, False], repeat=5)
    }
    lake = report_lake(
        reports_environment,
        list(combinations),
        core_profiles=[profile(u, is_email_verified=f[0]) for u, f in combinations.items()],
        core_settings=[
            wishes(u, wants_email=f[1], wants_weekly_report=f[2]) for u, f in combinations.items()
        ],
        core_identities=[
            identity(u, email=f"{u}@example.org" if f[3] else None) for u, f in combinations.items()
        ],
        student_week=[
            week(u) if f[4] else quiet_week(u, is_active_in_four_weeks=False)
            for u, f in combinations.items()
        ],
    )
    publish(database_url, lake)

    first = send("--now", DUE)
    with pytest.raises(NothingNew):
        send("--now", DUE)

    assert dict(ses.accepted) == {"yyyyy@example.org": 1}
    assert "audience 2" in first.output
    assert "1 sent, 0 failed, 1 suppressed" in first.output


def test_nothing_leaves_too_early_or_too_late(
    reports_environment: Path, database_url: str, ses: FakeSes
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada", "bob"]))

    early = send("--now", "2026-11-16T12:59:59Z")
    with pytest.raises(NothingNew, match=r"2 reports .* not due yet.*2026-11-16 13:00 UTC"):
        send("--now", "2026-11-16T12:59:59Z")
    late = send("--now", "2026-11-19T13:00:01Z")

    assert "2 ready" in early.output
    assert "2 expired" in late.output
    assert ses.requests.total() == 0


def test_a_wrong_clock_or_a_paused_account_stops_before_any_claim(
    reports_environment: Path, database_url: str, ses: FakeSes
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada", "bob", "cyd"]))
    ses.skew = -400
    with pytest.raises(Misconfigured, match="this machine's clock"):
        send("--now", DUE)
    ses.skew = 0
    ses.behaviour["bob@example.org"] = ["paused"]
    with pytest.raises(Temporary, match=r"sending is paused; 1 sent"):
        send("--now", DUE)

    with Outbox(database_url) as outbox:
        counts = outbox.counts(WEEK)
    assert (counts["sent"], counts["ready"], ses.requests.total()) == (1, 2, 2)


def test_a_dry_run_calls_nobody(reports_environment: Path, database_url: str, ses: FakeSes) -> None:
    publish(database_url, report_lake(reports_environment, ["ada"]))

    told = send("--now", DUE, "--dry-run")

    assert "dry run: audience 1" in told.output
    assert ses.requests.total() == 0
    with Outbox(database_url) as outbox:
        assert outbox.rows_of(WEEK) == 0
