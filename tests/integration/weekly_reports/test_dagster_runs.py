"""The Dagster side over a real outbox: who is asked to run when, and what a run leaves in its store."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from dagster_runs import execute
from report_lakes import WEEK, identity, publish, report_lake

from assets.sensors import asked
from mavprep_analytics.errors import DataRefused
from mavprep_analytics.weekly_reports.outbox import Outbox

FROZEN_AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 13, 5, tzinfo=UTC)
"""Five minutes after 07:00 in Chicago."""
STUDENTS = ["ada", "bob", "cyd"]


@pytest.fixture
def published(reports_environment: Path, database_url: str) -> str:
    names = [identity(user, name=f"Secretname {user}") for user in STUDENTS]
    publish(database_url, report_lake(reports_environment, STUDENTS, core_identities=names))
    return database_url


def run(*assets: str, **config: str) -> dg.ExecuteInProcessResult:
    return execute(
        "weekly_reports",
        partition_key=str(WEEK),
        asset_selection=[dg.AssetKey(name) for name in assets],
        run_config={"ops": {"weekly_mail": {"config": config}}} if config else None,
    )


def keys(outbox: Outbox, now: datetime) -> list[str | None]:
    told = asked(outbox, now)
    return [] if isinstance(told, dg.SkipReason) else [request.run_key for request in told]


def test_a_week_is_frozen_once_it_is_published_and_then_mailed_once_per_send_time(
    published: str,
) -> None:
    with Outbox(published) as outbox:
        assert keys(outbox, FROZEN_AT) == keys(outbox, FROZEN_AT) == ["2026-11-09 freeze"]
        run("weekly_report_outbox")
        assert keys(outbox, FROZEN_AT) == []
        due = keys(outbox, MONDAY)
        assert due == keys(outbox, MONDAY) == ["2026-11-09 2026-11-16T13:00Z"]

        first = run("weekly_mail", due_at="2026-11-16T13:00:00+00:00")
        again = run("weekly_mail", due_at="2026-11-16T13:00:00+00:00")
        assert keys(outbox, MONDAY) == []
        counts = outbox.counts(WEEK)

    sent = [
        event.materialization.metadata["sent"].value
        for result in (first, again)
        for event in result.get_asset_materialization_events()
    ]
    assert sent == [3, 0]
    assert counts["sent"] == 3


def test_an_unpublished_week_is_waited_for(database_url: str) -> None:
    with Outbox(database_url) as outbox:
        told = asked(outbox, FROZEN_AT)

    assert isinstance(told, dg.SkipReason)
    assert "nothing is published yet" in str(told.skip_message)


def test_freezing_reports_its_examination_and_a_masked_specimen(published: str) -> None:
    result = run("weekly_report_outbox")

    checks = {e.check_name: e.passed for e in result.get_asset_check_evaluations()}
    (event,) = result.get_asset_materialization_events()
    shown = str(event.materialization.metadata["specimen"].value)
    stored = "".join(str(e) for e in result.all_events)
    assert checks == dict.fromkeys(("freshness", "volume", "reconciliation", "rendering"), True)
    assert "MASTERY BY TOPIC" in shown
    assert [text for text in ("Secretname", "@example.org") if text in stored] == []


def test_a_failed_examination_blocks_the_mails_of_later_runs(published: str) -> None:
    run("weekly_report_outbox")
    with Outbox(published) as outbox, psycopg.connect(published, autocommit=True) as connection:
        connection.execute("update analytics_weekly_reports set payload = '{}'")

        with pytest.raises(DataRefused, match="rendering: 3 of 3 broken"):
            run("weekly_mail")

        assert outbox.counts(WEEK)["sent"] == 0


def test_who_joined_the_audience_since_the_freezing_blocks_nobody_and_is_mailed(
    published: str,
) -> None:
    run("weekly_report_outbox")
    with Outbox(published) as outbox, psycopg.connect(published, autocommit=True) as connection:
        connection.execute("delete from analytics_weekly_reports where user_id = 'bob'")

        run("weekly_mail")

        assert outbox.counts(WEEK)["sent"] == 3
