"""The embedded engine: DuckDB in this process, without network, extensions or files beyond its inputs."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from mavprep_analytics.engine.engine import Job
from mavprep_analytics.engine.model import ModelRefused, Step
from mavprep_analytics.engine.output import ROW_GROUP_ROWS, OutOfOrder, write_parquet
from mavprep_analytics.engine.statement import statement
from mavprep_analytics.errors import Temporary


class DuckDBEngine:
    """DuckDB, one private in-memory database per job.

    Args:
        memory: limit of its working memory, e.g. `1500MB`; beyond it, it spills.
        threads: worker threads; the result does not depend on them.
        scratch: existing folder to spill into.
    """

    def __init__(self, memory: str = "1500MB", threads: int = 2, scratch: Path | None = None):
        self._memory, self._threads, self._scratch = memory, threads, scratch

    @property
    def parallel_jobs(self) -> int:
        """See Engine; such a job uses one thread."""
        return self._threads

    def run(self, job: Job, output: Path) -> int:
        """See Engine."""
        with tempfile.TemporaryDirectory(dir=self._scratch, prefix="spill-") as spill:
            try:
                if job.keeps_order:
                    with suppress(OutOfOrder):
                        return self._compute(job, output, spill, sort=False)
                return self._compute(job, output, spill, sort=True)
            except duckdb.OutOfMemoryException as error:
                raise Temporary(
                    f"{job.model.name} needs more than {self._memory}: {_first_line(error)}",
                    "Raise MAVPREP_ENGINE_MEMORY or free disk space",
                ) from None
            except duckdb.Error as error:
                raise ModelRefused(
                    f"{job.model.name}.sql failed: {_first_line(error)}", "Correct the model"
                ) from error

    def _compute(self, job: Job, output: Path, spill: str, *, sort: bool) -> int:
        config = self._config(spill)
        if not sort:  # only one thread keeps the order through a join
            config |= {"threads": 1, "preserve_insertion_order": True}
        with duckdb.connect(":memory:", config=config) as connection:
            _lock(connection, job)
            return _compute(connection, job, output, sort=sort)

    def _config(self, spill: str) -> dict[str, Any]:
        return {
            "memory_limit": self._memory,
            "threads": self._threads,
            "temp_directory": spill,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
        }


def _lock(connection: duckdb.DuckDBPyConnection, job: Job) -> None:
    """Leave the database no file but the inputs, and no way to ask for more."""
    inputs = [str(path) for paths in job.inputs.values() for path in paths]
    connection.execute("set allowed_paths = ?", [inputs])
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _compute(connection: duckdb.DuckDBPyConnection, job: Job, output: Path, *, sort: bool) -> int:
    for name, paths in job.inputs.items():
        files = [str(path) for path in paths]
        connection.read_parquet(files, hive_partitioning=False).create_view(name)
    *steps, last = job.model.steps
    for step in steps:
        _define(connection, job, step)
    order = job.table.key if sort else ()
    result = connection.sql(statement(last, job.parameters, "duckdb", order))
    batches = result.to_arrow_reader(ROW_GROUP_ROWS)
    return write_parquet(job.table, batches, output, prove_order=not sort)


def _define(connection: duckdb.DuckDBPyConnection, job: Job, step: Step) -> None:
    relation = connection.sql(statement(step, job.parameters, "duckdb"))
    if step.is_view:
        relation.create_view(step.name)
    else:
        relation.create(step.name)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
