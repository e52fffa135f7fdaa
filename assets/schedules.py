"""Schedules: when jobs run. All are off until someone turns them on in the UI."""

import dagster as dg

from assets.jobs import nightly

nightly_schedule = dg.build_schedule_from_partitioned_job(
    nightly,
    name="nightly",
    hour_of_day=1,
    minute_of_hour=30,
    description="At 01:30 UTC for the date that just ended, when its exports have had time to finish.",
)


SCHEDULES = [nightly_schedule]
