"""Schedules: when jobs run. All are off until someone turns them on in the UI."""

from datetime import datetime, timedelta

import dagster as dg

from assets.jobs import nightly, weekly_reports
from mavprep_analytics.periods import week_start

MAIL_DAYS = 4

nightly_schedule = dg.build_schedule_from_partitioned_job(
    nightly,
    name="nightly",
    hour_of_day=1,
    minute_of_hour=30,
    description="At 01:30 UTC for the date that just ended, when its exports have had time to finish.",
)


@dg.schedule(
    job=weekly_reports, cron_schedule="5 * * * *", name="weekly_reports", execution_timezone="UTC"
)
def weekly_reports_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Hourly while last week's mail may leave: each run mails the zones where it is past Monday 07:00."""
    now = context.scheduled_execution_time
    if not may_mail(now):
        return dg.SkipReason("last week's reports are older than 72 hours everywhere")
    week = reported_week(now)
    return dg.RunRequest(run_key=f"{week}-{now:%m%d%H}", partition_key=str(week))


def reported_week(now: datetime) -> str:
    """Return the Monday of the week that the mails of this instant report."""
    return str(week_start((now + timedelta(hours=7)).date()) - timedelta(days=7))


def may_mail(now: datetime) -> bool:
    """Tell whether some zone is within 72 hours after Monday 07:00 local."""
    return (now + timedelta(hours=7)).weekday() <= MAIL_DAYS


SCHEDULES = [nightly_schedule, weekly_reports_schedule]
