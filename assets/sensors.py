"""Sensors: runs that wait for data or for a time of day elsewhere. All are off until someone turns them on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from assets.jobs import weekly_reports
from assets.weekly_reports import weekly_mail, weekly_report_outbox
from mavprep_analytics.errors import MavprepError
from mavprep_analytics.settings import load_settings
from mavprep_analytics.weekly_reports import service
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.schedule import (
    Held,
    bucket_runs,
    reported_week,
    require_covered,
)

Asked = list[dg.RunRequest] | dg.SkipReason


@dg.sensor(job=weekly_reports, name="weekly_reports", minimum_interval_seconds=300)
def weekly_reports_sensor() -> Asked:
    """Freeze last week once it is published; then one run per UTC offset when it is Monday 07:00 there."""
    try:
        with service.open_outbox(load_settings()) as outbox:
            return asked(outbox, datetime.now(UTC))
    except MavprepError as error:
        return dg.SkipReason(str(error))


def asked(outbox: Outbox, now: datetime) -> Asked:
    """Return the runs that are due at an instant; asked twice, it returns the same run keys."""
    week = reported_week(now)
    requests = [*_mails(outbox, week - timedelta(days=7), now), *_mails(outbox, week, now)]
    if not outbox.rows_of(week):
        try:
            require_covered(week, outbox.newest_as_of())
        except Held as held:
            return requests or dg.SkipReason(str(held))
        requests.append(_freeze(week))
    return requests or dg.SkipReason(f"no report of the week of {week} is due now")


def _freeze(week: date) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{week} freeze",
        partition_key=str(week),
        asset_selection=[weekly_report_outbox.key],
    )


def _mails(outbox: Outbox, week: date, now: datetime) -> Iterator[dg.RunRequest]:
    for run in bucket_runs(week, outbox.buckets(week), now):
        yield dg.RunRequest(
            run_key=run.key,
            partition_key=str(week),
            asset_selection=[weekly_mail.key],
            run_config={"ops": {"weekly_mail": {"config": {"due_at": run.due_at.isoformat()}}}},
            tags={"mavprep/send-time": run.due_at.isoformat()},
        )


SENSORS = [weekly_reports_sensor]
