"""The embedded engine: DuckDB in this process, without network, extensions or files beyond its inputs."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb

from mavprep_analytics.engine.duckdb_output import copy_parquet
from mavprep_analytics.engine.engine import Job
from mavprep_analytics.engine.model import ModelRefused, Step
from mavprep_analytics.engine.statement import statement
from mavprep_analytics.errors import Temporary
from mavprep_analytics.settings import ENGINE_MEMORY, ENGINE_THREADS


class DuckDBEngine:
    """DuckDB, one private in-memory database per job.

    Args:
        memory: limit of its working memory, e.g. `2000MB`; beyond it, it spills.
        threads: worker threads; the result does not depend on them.
        scratch: existing folder to spill into.
    """

    def __init__(
        self,
        memory: str = ENGINE_MEMORY,
        threads: int = ENGINE_THREADS,
        scratch: Path | None = None,
    ):
        self._memory, self._threads, self._scratch = memory, threads, scratch

    def run(self, job: Job, output: Path) -> int:
        """See Engine."""
        with tempfile.TemporaryDirectory(dir=self._scratch, prefix="spill-") as spill:
            try:
                with duckdb.connect(":memory:", config=self._config(spill)) as connection:
                    _lock(connection, job, output)
                    return _compute(connection, job, output)
            except duckdb.OutOfMemoryException as error:
                raise Temporary(
                    f"{job.model.name} needs more than {self._memory}: {_first_line(error)}",
                    "Raise MAVPREP_ENGINE_MEMORY or free disk space",
                ) from None
            except duckdb.Error as error:
                raise ModelRefused(
                    f"{job.model.name}.sql failed: {_first_line(error)}", "Correct the model"
                ) from error

    def _config(self, spill: str) -> dict[str, Any]:
        return {
            "memory_limit": self._memory,
            "threads": self._threads,
            "temp_directory": spill,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
        }


def _lock(connection: duckdb.DuckDBPyConnection, job: Job, output: Path) -> None:
    """Leave the database no file but the inputs and the output, and no way to ask for more."""
    paths = [str(path) for paths in job.inputs.values() for path in paths]
    connection.execute("set allowed_paths = ?", [[*paths, str(output)]])
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set enable_external_access = false")


def _compute(connection: duckdb.DuckDBPyConnection, job: Job, output: Path) -> int:
    for name, paths in job.inputs.items():
        files = [str(path) for path in paths]
        connection.read_parquet(files, hive_partitioning=False).create_view(name)
    *steps, last = job.model.steps
    for step in steps:
        _define(connection, job, step)
    result = connection.sql(statement(last, job.parameters, "duckdb"))
    result.create_view("result")
    order = "" if last.is_ordered else ", ".join(f'"{name}"' for name in job.table.order)
    writing = copy_parquet(job.table, result, order, output)
    connection.execute("set preserve_insertion_order = true")
    connection.execute("set lock_configuration = true")
    rows = connection.execute(writing).fetchone()
    return int(rows[0]) if rows else 0


def _define(connection: duckdb.DuckDBPyConnection, job: Job, step: Step) -> None:
    relation = connection.sql(statement(step, job.parameters, "duckdb"))
    if step.is_view:
        relation.create_view(step.name)
    else:
        relation.create(step.name)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
