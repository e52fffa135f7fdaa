"""What is examined before any mail goes, and what Dagster's store gets to see."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from report_lakes import SUNDAY, WEEK, publish, report_lake
from report_mailers import LETTERHEAD, freeze
from report_payloads import STRONG
from typer.testing import CliRunner

from mavprep_analytics.cli.reports import app
from mavprep_analytics.errors import DataRefused, Misconfigured
from mavprep_analytics.publication.erasure import erase
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.payload import encode
from mavprep_analytics.weekly_reports.prepare import Source, prepare
from mavprep_analytics.weekly_reports.release import examine, mask, require_released, specimen

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)


def found(outbox: Outbox, source: Source) -> dict[str, tuple[bool, str]]:
    findings = examine(source, outbox, LETTERHEAD, WEEK, NOW)
    return {finding.name: (finding.is_passed, finding.told) for finding in findings}


@pytest.fixture
def source(reports_environment: Path) -> Source:
    lake = report_lake(reports_environment, [f"u{n:02}" for n in range(30)])
    return Source(lake, lake.head(), SUNDAY)


def test_a_frozen_week_passes(source: Source, database_url: str) -> None:
    with Outbox(database_url) as outbox:
        prepare(source, outbox, WEEK)

        assert found(outbox, source) == {
            "freshness": (True, "numbers as of 2026-11-15"),
            "volume": (True, "30 reports, 0 the week before"),
            "reconciliation": (True, "audience 30, 30 reports"),
            "rendering": (True, "the sample is whole"),
        }


def test_students_without_a_report_stop_the_week(source: Source, database_url: str) -> None:
    with Outbox(database_url) as outbox:
        prepare(source, outbox, WEEK)
        erase(database_url, "u07")
        erased = found(outbox, source)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("delete from analytics_weekly_reports where user_id = 'u03'")
        lost = found(outbox, source)

    assert erased["reconciliation"] == (True, "audience 29, 29 reports")
    assert lost["reconciliation"] == (False, "audience 29, 28 reports")


def test_half_as_many_reports_as_the_week_before_wait_for_a_person(
    source: Source, database_url: str
) -> None:
    with Outbox(database_url) as outbox:
        prepare(source, outbox, WEEK)
        with psycopg.connect(database_url, autocommit=True) as connection:
            for users in (60, 100):
                connection.execute(
                    "delete from analytics_weekly_reports where week_start < %s", (WEEK,)
                )
                connection.execute(
                    "insert into analytics_weekly_reports (user_id, week_start, kind, language,"
                    " timezone, due_at, payload, payload_version, subject, as_of, lake_version)"
                    " select 'old' || n, %s, 'quiet', 'en', 'UTC', now(), '{}', 1, '', %s, 1"
                    " from generate_series(1, %s) as n",
                    (WEEK - timedelta(days=7), WEEK, users),
                )
                volume = found(outbox, source)["volume"]
        findings = examine(source, outbox, LETTERHEAD, WEEK, NOW)

    assert volume == (False, "30 reports, 100 the week before")
    with pytest.raises(DataRefused, match=r"volume: 30 reports.*--accept volume"):
        require_released(findings)
    require_released(findings, ["volume"])
    require_released(findings, reaches_people=False)


def test_numbers_that_do_not_reach_the_sunday_and_reports_that_do_not_render_stop_the_week(
    source: Source, database_url: str
) -> None:
    stale = Source(source.lake, source.version, SUNDAY - timedelta(days=1))
    with Outbox(database_url) as outbox:
        prepare(source, outbox, WEEK)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "update analytics_weekly_reports set payload = '{\"version\": 99}'"
                " where user_id < 'u05'"
            )
        told = found(outbox, stale)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("delete from analytics_weekly_reports where user_id < 'u04'")
        one = found(outbox, stale)

    assert told["freshness"] == (False, "numbers as of 2026-11-14")
    assert told["rendering"] == (False, "5 of 15 broken: not rendered: ValidationError")
    assert one["rendering"] == (True, "1 of 15 broken: not rendered: ValidationError")


def test_the_command_sends_nothing_of_a_week_that_fails_unless_it_is_accepted(
    source: Source, database_url: str, reports_environment: Path
) -> None:
    publish(database_url, source.lake)
    with Outbox(database_url) as outbox:
        prepare(source, outbox, WEEK)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "update analytics_weekly_reports set payload = '{\"version\": 99}'"
                " where user_id < 'u05'"
            )
        command = ["send", "--week", str(WEEK)]
        with pytest.raises(DataRefused, match=r"rendering: 5 of 15 .*--accept rendering"):
            CliRunner().invoke(app, command, catch_exceptions=False)
        before = outbox.counts(WEEK)
        CliRunner().invoke(app, [*command, "--accept", "rendering"], catch_exceptions=False)
        after = outbox.counts(WEEK)

    with pytest.raises(Misconfigured, match="--accept all names no examination"):
        CliRunner().invoke(app, [*command, "--accept", "all"], catch_exceptions=False)
    assert (before["ready"], after["sent"], after["failed"]) == (30, 25, 5)


def test_the_specimen_shows_nothing_that_a_person_wrote_or_is_known_by(database_url: str) -> None:
    with Outbox(database_url) as outbox:
        assert specimen(outbox, LETTERHEAD, WEEK, NOW) is None
        freeze(outbox, ["ada-lovelace"])
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "update analytics_weekly_reports set payload = %s", (encode(STRONG),)
            )
        mail = specimen(outbox, LETTERHEAD, WEEK, NOW)

    assert mail is not None
    whole = mail.text + mail.html + mail.content.decode()
    written = [
        "Biology final",
        "Mock test 3",
        "University of Texas",
        "ada-lovelace",
        "America/Chicago",
    ]
    assert [text for text in written if text in whole] == []
    assert "Milestone 1" in mail.text
    assert "Cell biology" in mail.text
    assert "YWRhLWxvdmVsYWNl" not in whole  # the id in base64, as tokens carry it


def test_a_mask_keeps_every_number() -> None:
    def numbers(payload: Any) -> list[Any]:
        parsed = json.loads(encode(payload))
        found: list[Any] = []

        def walk(value: Any) -> None:
            if isinstance(value, dict):
                for item in value.values():
                    walk(item)
            elif isinstance(value, list):
                for item in value:
                    walk(item)
            elif not isinstance(value, str):
                found.append(value)

        walk(parsed)
        return found

    assert numbers(mask(STRONG)) == numbers(STRONG)
