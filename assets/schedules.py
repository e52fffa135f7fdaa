"""Schedules: when jobs run. All are off until someone turns them on in the UI."""

import dagster as dg

from assets.jobs import nightly, request_exports

nightly_schedule = dg.build_schedule_from_partitioned_job(
    nightly,
    name="nightly",
    hour_of_day=1,
    minute_of_hour=30,
    description="At 01:30 UTC for the date that just ended, when its exports have had time to finish.",
)


request_exports_schedule = dg.build_schedule_from_partitioned_job(
    request_exports,
    name="request_exports",
    hour_of_day=0,
    minute_of_hour=15,
    description="At 00:15 UTC for the date that just ended: windows since each chain's head, or a full export.",
)

SCHEDULES = [request_exports_schedule, nightly_schedule]
