"""Reports from a lake over the outbox in a real Postgres to files."""

import email
import json
import re
from collections.abc import Collection
from datetime import date, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from lake_builders import add_tables
from report_lakes import (
    SUNDAY,
    WEEK,
    identity,
    profile,
    publish,
    quiet_week,
    report_lake,
    week,
    wishes,
)
from report_mailers import LETTERHEAD, MONDAY_EIGHT
from typer.testing import CliRunner

from mavprep_analytics.cli.reports import app
from mavprep_analytics.errors import DataRefused, Misconfigured, NothingNew, Temporary
from mavprep_analytics.publication.erasure import erase
from mavprep_analytics.tables import TABLES
from mavprep_analytics.weekly_reports.choose import choose
from mavprep_analytics.weekly_reports.consents import LakeConsents
from mavprep_analytics.weekly_reports.facts import Facts
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.payload import Peers, decode
from mavprep_analytics.weekly_reports.prepare import Prepared, Source, prepare
from mavprep_analytics.weekly_reports.release import examine
from mavprep_analytics.weekly_reports.schedule import Held


def test_a_week_is_sent_to_files_once(reports_environment: Path, database_url: str) -> None:
    publish(database_url, report_lake(reports_environment, ["ada", "bob"]))
    runner = CliRunner()

    first = runner.invoke(app, ["send", "--week", "2026-11-09"], catch_exceptions=False)
    with pytest.raises(NothingNew):
        runner.invoke(app, ["send", "--week", "2026-11-09"], catch_exceptions=False)

    assert "audience 2, 2 reports frozen now" in first.output
    folder = reports_environment / "mails" / "2026-11-09"
    assert sorted(path.name for path in folder.glob("*.eml")) == ["ada.eml", "bob.eml"]
    mail = email.message_from_bytes((folder / "ada.eml").read_bytes(), policy=default)
    assert mail["to"] == "ada@example.org"
    assert mail["subject"] == "Your week: 2 h 5 min, Cell biology up 9 points"
    assert "Strong week" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "ada.html" in (folder / "index.html").read_text()


def test_the_audience_follows_flags_verification_and_activity(
    reports_environment: Path, database_url: str
) -> None:
    users = ["in", "no_mail", "no_report", "unverified", "idle", "quiet", "nobody"]
    lake = report_lake(
        reports_environment,
        users,
        core_profiles=[
            profile(user, is_email_verified=user != "unverified") for user in users[:-1]
        ],
        core_settings=[
            wishes(user, wants_email=user != "no_mail", wants_weekly_report=user != "no_report")
            for user in users
        ],
        student_week=[
            *(week(user) for user in users if user not in ("idle", "quiet")),
            quiet_week("idle", is_active_in_four_weeks=False),
            quiet_week("quiet"),
        ],
    )
    source = Source(lake, lake.head(), SUNDAY)

    with Outbox(database_url) as outbox:
        prepared = prepare(source, outbox, WEEK)
        kinds = {u: decode(r.payload).kind for u in users if (r := outbox.report(WEEK, u))}

    assert prepared == Prepared(audience=2, added=2)
    assert kinds == {"in": "first", "quiet": "quiet"}


def choosing_fails_for(users: Collection[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the choice of some students' reports meet a defect."""

    def chosen(facts: Facts, *others: Any) -> Any:
        if facts.student.user_id in users:
            raise KeyError(f"the address of {facts.student.user_id}")
        return choose(facts, *others)

    monkeypatch.setattr("mavprep_analytics.weekly_reports.prepare.choose", chosen)


def test_a_report_that_cannot_be_chosen_fails_alone_and_is_told(
    reports_environment: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = report_lake(reports_environment, ["ada", "bob", "cyd"])
    choosing_fails_for(["bob"], monkeypatch)
    source = Source(lake, lake.head(), SUNDAY)

    with Outbox(database_url) as outbox:
        prepared = prepare(source, outbox, WEEK)
        counts, reasons = outbox.counts(WEEK), outbox.reasons(WEEK)
        again = prepare(source, outbox, WEEK)
        findings = examine(source, outbox, LETTERHEAD, WEEK, MONDAY_EIGHT)
        sampled = len(outbox.sample(WEEK))

    assert prepared == Prepared(audience=3, added=3, failed=1)
    assert (counts["ready"], counts["failed"], again.added) == (2, 1, 0)
    ((_, reason, _),) = [told for told in reasons if told[0] == "failed"]
    assert re.fullmatch(r"not chosen: KeyError in test_\w+\.py:\d+", reason)
    assert all(finding.is_passed for finding in findings), findings
    assert sampled == 2, "what is not mailed needs no rendering"


def test_a_defect_that_many_students_meet_freezes_nothing(
    reports_environment: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = report_lake(reports_environment, ["ada", "bob", "cyd"])
    choosing_fails_for(["ada", "bob"], monkeypatch)

    with Outbox(database_url) as outbox:
        with pytest.raises(DataRefused, match="2 of 3 reports could not be chosen, the first: not"):
            prepare(Source(lake, lake.head(), SUNDAY), outbox, WEEK)
        assert outbox.rows_of(WEEK) == 0


def test_peers_are_the_other_active_students_of_the_university(
    reports_environment: Path, database_url: str
) -> None:
    uta = [f"uta{n:02}" for n in range(12)]
    unt = [f"unt{n:02}" for n in range(10)]
    nowhere = [f"no{n:02}" for n in range(15)]
    users = [*uta, *unt, *nowhere]
    homes = dict.fromkeys(uta, "UTA") | dict.fromkeys(unt, "UNT")
    lake = report_lake(
        reports_environment,
        users,
        core_profiles=[profile(user, university=homes.get(user)) for user in users],
        student_week=[
            *(week(user, monday=n) for n, user in enumerate(uta[:-1])),
            quiet_week(uta[-1]),
            *(week(user) for user in [*unt, *nowhere]),
        ],
    )

    with Outbox(database_url) as outbox:
        prepare(Source(lake, lake.head(), SUNDAY), outbox, WEEK)
        told = {u: decode(r.payload).peers for u in users if (r := outbox.report(WEEK, u))}

    # ten others of UTA with 1 + ... + 10 Monday minutes and 83 on other days
    assert told["uta00"] == Peers(students=10, minutes=89, answering=10, accuracy=74)
    assert told["uta11"] is None
    assert {told[user] for user in [*unt, *nowhere]} == {None}


def test_a_frozen_report_never_changes(reports_environment: Path, database_url: str) -> None:
    lake = report_lake(reports_environment, ["ada"])
    other = report_lake(
        reports_environment / "other",
        ["ada", "bob"],
        student_week=[week("ada", tests=9), week("bob")],
    )

    with Outbox(database_url) as outbox:
        prepare(Source(lake, lake.head(), SUNDAY), outbox, WEEK)
        again = prepare(Source(other, other.head(), SUNDAY), outbox, WEEK)
        stored = outbox.report(WEEK, "ada")

    assert (again.added, again.kept) == (1, 1)
    assert stored is not None
    assert json.loads(stored.payload)["week"]["tests"] == 6


def test_a_week_that_is_not_covered_is_held(reports_environment: Path, database_url: str) -> None:
    publish(database_url, report_lake(reports_environment, ["ada"]), SUNDAY - timedelta(days=1))

    with pytest.raises(Held, match=r"the week of 2026-11-09 is held.*as of 2026-11-14"):
        CliRunner().invoke(app, ["send", "--week", "2026-11-09"], catch_exceptions=False)

    assert not (reports_environment / "mails").exists()


def test_a_day_that_is_no_monday_is_refused_with_the_right_one(reports_environment: Path) -> None:
    with pytest.raises(Misconfigured, match=r"a Wednesday.*Use --week 2026-11-09"):
        CliRunner().invoke(app, ["send", "--week", "2026-11-11"], catch_exceptions=False)


def test_a_dry_run_writes_nothing(reports_environment: Path, database_url: str) -> None:
    publish(database_url, report_lake(reports_environment, ["ada", "bob"]))

    result = CliRunner().invoke(
        app, ["send", "--week", "2026-11-09", "--dry-run"], catch_exceptions=False
    )

    assert "dry run: audience 2, 0 frozen before; new: 2 full" in result.output
    assert not (reports_environment / "mails").exists()
    with Outbox(database_url) as outbox:
        assert sum(outbox.counts(WEEK).values()) == 0


def test_a_preview_shows_the_mail_and_freezes_nothing(
    reports_environment: Path, database_url: str
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada"]))

    result = CliRunner().invoke(
        app,
        ["preview", "ada", "--week", "2026-11-09", "--out", str(reports_environment / "ada.html")],
        catch_exceptions=False,
    )

    assert "Strong week, Maya" in result.output
    assert "<h1" in (reports_environment / "ada.html").read_text()
    with Outbox(database_url) as outbox:
        assert outbox.report(date(2026, 11, 9), "ada") is None


def test_every_number_is_explained_with_its_table_and_row(
    reports_environment: Path, database_url: str
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada", "bob"]))
    runner = CliRunner()
    runner.invoke(app, ["send", "--week", "2026-11-09"], catch_exceptions=False)

    explained = runner.invoke(app, ["explain", "ada", "--week", "2026-11-09"]).output
    status = runner.invoke(app, ["status", "--week", "2026-11-09"]).output

    assert "2\u00a0h\u00a05\u00a0min  study time" in explained
    assert "student_week.study_minutes [user_id=ada, week_start=2026-11-09]" in explained
    assert TABLES["student_week"]["study_minutes"].meaning in explained
    assert "0 ready, 0 claimed, 2 sent" in status


def test_a_report_is_explained_before_it_is_frozen_as_after(
    reports_environment: Path, database_url: str
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada"]))
    runner = CliRunner()

    before = runner.invoke(app, ["explain", "ada", "--week", "2026-11-09"]).output
    runner.invoke(app, ["send", "--week", "2026-11-09"], catch_exceptions=False)
    after = runner.invoke(app, ["explain", "ada", "--week", "2026-11-09"]).output

    assert before.splitlines()[0].endswith("(not frozen yet, lake version 2)")
    assert before.splitlines()[1:] == after.splitlines()[1:]


@pytest.mark.parametrize("command", ["preview", "explain"])
def test_a_student_without_a_report_is_told_why(
    reports_environment: Path, database_url: str, command: str
) -> None:
    lake = report_lake(
        reports_environment,
        ["ada", "bob", "cyd"],
        core_settings=[wishes("ada", wants_email=False), wishes("bob"), wishes("cyd")],
        student_week=[week("ada"), quiet_week("bob", is_active_in_four_weeks=False), week("cyd")],
    )
    publish(database_url, lake)
    reasons = {
        "ada": r"ada is not in the audience .*\(e-mail switched off\)",
        "bob": r"bob is not in the audience .*no activity in the four weeks",
        "nobody": r"there is no student nobody\. Check the user id",
    }

    for user, reason in reasons.items():
        with pytest.raises(DataRefused, match=reason):
            CliRunner().invoke(app, [command, user, "--week", "2026-11-09"], catch_exceptions=False)


def test_a_week_that_the_numbers_no_longer_tell_is_refused(
    reports_environment: Path, database_url: str
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada"]))

    with pytest.raises(DataRefused, match=r"weeks from 2026-11-02 to 2026-11-09, not 2026-09-07"):
        CliRunner().invoke(app, ["send", "--week", "2026-09-07"], catch_exceptions=False)


def test_an_erased_student_gets_no_report_from_an_old_lake(
    reports_environment: Path, database_url: str
) -> None:
    lake = report_lake(reports_environment, ["ada", "bob"])
    erase(database_url, "ada")

    with Outbox(database_url) as outbox:
        prepared = prepare(Source(lake, lake.head(), SUNDAY), outbox, WEEK)

        assert prepared == Prepared(audience=1, added=1)
        assert outbox.report(WEEK, "ada") is None


def test_flags_are_read_from_the_newest_lake_version(reports_environment: Path) -> None:
    lake = report_lake(reports_environment, ["ada", "bob", "cyd"])
    consents = LakeConsents(lake)
    before = consents.read(["ada", "bob", "cyd", "nobody"])

    add_tables(
        lake,
        {
            "core_settings": [wishes("ada", wants_weekly_report=False), wishes("bob")],
            "core_identities": [identity("ada"), identity("bob", email="new@example.org")],
            "core_profiles": [profile("ada"), profile("bob"), profile("cyd")],
        },
    )
    after = consents.read(["ada", "bob", "cyd"])

    assert [flags.refusal for flags in before.values()] == [None, None, None, "deleted"]
    assert [flags.refusal for flags in after.values()] == [
        "weekly report switched off",
        None,
        "e-mail switched off",
    ]
    assert after["bob"].email == "new@example.org"


def test_a_mail_that_cannot_be_written_stays_ready_and_stops_the_run(
    reports_environment: Path, database_url: str
) -> None:
    publish(database_url, report_lake(reports_environment, ["ada", "bob"]))
    (reports_environment / "mails" / "2026-11-09" / "bob.eml").mkdir(parents=True)

    with pytest.raises(Temporary, match=r"sending ended early: .*2026-11-09.*; 1 sent"):
        CliRunner().invoke(app, ["send", "--week", "2026-11-09"], catch_exceptions=False)

    with Outbox(database_url) as outbox:
        counts = outbox.counts(WEEK)
    assert (counts["sent"], counts["ready"]) == (1, 1)
