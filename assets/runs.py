"""Runs of the command line: the same jobs as in the UI, in this process, on the instance that the UI reads."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg

from assets.definitions import defs
from assets.partitions import as_of_days
from mavprep_analytics.cli.doctor import examine
from mavprep_analytics.errors import NothingNew, Temporary
from mavprep_analytics.settings import Settings

_NEEDED = ("postgres", "lake")
_STEP_LINES: dict[str, Any] = {"loggers": {"step_lines": {}}}


def run_night(settings: Settings, as_of: date) -> str:
    """Run `nightly` for one as-of date and say in one line what it published.

    Args:
        settings: looked at first, so that a missing database is told before an hour of work.
        as_of: the date of the run.

    Raises:
        NothingNew: every input was published already and every rank was written.
        MavprepError: whatever stopped a step.
    """
    _look_before(settings)
    materialized = _run("nightly", as_of)
    published, ranks = materialized["publication"], materialized["reputation_ranks"]
    if published["unchanged"] and not ranks["written"]:
        raise NothingNew(
            f"as of {as_of} everything is published already: 0 rows changed, 0 items written",
            f"Publication {published['sequence']} of {published['as_of']} stands",
        )
    return (
        f"as of {as_of}: publication {published['sequence']}, {published['rows_changed']:,} rows changed, "
        f"{ranks['written']:,} items written"
    )


def _look_before(settings: Settings) -> None:
    for finding in examine(settings, datetime.now(UTC)):
        if finding.subject in _NEEDED and finding.error is not None:
            raise finding.error


def _run(job: str, as_of: date) -> Mapping[str, Mapping[str, Any]]:
    """Execute a job for a day and return each materialized asset's metadata values.

    Raises:
        Temporary: a signal stopped it, which Dagster hears in the place of `main`.
    """
    with dg.DagsterInstance.get() as instance:
        try:
            result = defs.resolve_job_def(job).execute_in_process(
                instance=instance, run_config=_STEP_LINES, raise_on_error=True, **_partition(as_of)
            )
        except dg.DagsterExecutionInterruptedError as interrupted:
            raise Temporary(
                f"the night of {as_of} was stopped by a signal",
                "Run again: what was committed is reused",
            ) from interrupted
    return {
        event.asset_key.to_user_string(): {
            name: value.value for name, value in event.materialization.metadata.items()
        }
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
    }


def _partition(as_of: date) -> dict[str, Any]:
    """Name the partition; a date that has not ended yet is no partition, but may be asked for."""
    key = str(as_of)
    if as_of_days.has_partition_key(key):
        return {"partition_key": key}
    return {"tags": {"dagster/partition": key}}
