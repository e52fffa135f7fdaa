"""Runs of Dagster jobs in this process that no other test's event loop disturbs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg

from assets.definitions import build_definitions


def execute(job: str, **arguments: Any) -> dg.ExecuteInProcessResult:
    """Run a job in a thread of its own: a browser test before this one may have left a loop in ours."""
    run = build_definitions().resolve_job_def(job).execute_in_process
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run, **arguments).result()
