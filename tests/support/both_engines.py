"""An engine that computes each job on two engines and refuses a single different row."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mavprep_analytics.engine import Engine, Job


class BothEngines:
    """Runs each job on both; the first one's file is the result.

    Args:
        first: engine whose result goes on.
        second: engine that must agree.
    """

    def __init__(self, first: Engine, second: Engine) -> None:
        self._first, self._second = first, second
        self.rows: dict[str, int] = {}
        """Compared rows of each model."""

    def run(self, job: Job, output: Path) -> int:
        """See Engine."""
        rows = self._first.run(job, output)
        other = output.with_suffix(".second")
        self._second.run(job, other)
        have, want = _rows(job, other), _rows(job, output)
        assert len(have) == len(want), job.model.name
        for place, (second, first) in enumerate(zip(have, want, strict=True)):
            assert second == first, f"{job.model.name} row {place}"
        self.rows[job.model.name] = self.rows.get(job.model.name, 0) + rows
        return rows


def _rows(job: Job, path: Path) -> list[dict[str, Any]]:
    """Return the rows of a result, sorted by key where the engine leaves their order open."""
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    if not job.table.order:
        rows.sort(key=lambda row: [row[column] for column in job.table.key])
    return rows
