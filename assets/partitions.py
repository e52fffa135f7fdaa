"""Partitions: nights by as-of date, report weeks by their Monday; what a week is stands in the library."""

from datetime import date

import dagster as dg

FIRST_AS_OF = "2015-01-01"
FIRST_WEEK = "2015-01-05"

as_of_days = dg.DailyPartitionsDefinition(start_date=FIRST_AS_OF)
report_weeks = dg.WeeklyPartitionsDefinition(start_date=FIRST_WEEK, day_offset=1)


def partition_date(context: dg.AssetExecutionContext) -> date:
    """Return the as-of date (or the week's Monday) of the run; of a range, its last."""
    return date.fromisoformat(context.partition_keys[-1])
