"""One metric from a handful of plain rows: the lake that it needs, built up to that table."""

from datetime import date
from pathlib import Path

from lake_builders import Row, Rows, make_lake, rows_in, write_rows

from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets
from mavprep_analytics.engine import DuckDBEngine, build, load_model, run_parameters
from mavprep_analytics.tables import TABLES

AS_OF = date(2025, 4, 6)
_EMPTY = ("topic_mastery", "subject_mastery", "rankings")


def metric(
    name: str,
    folder: Path,
    tables: Rows,
    *,
    previous: list[Row] | None = None,
    as_of: date = AS_OF,
) -> list[Row]:
    """Return the rows of a table; inputs that are not given are built, or have no rows."""
    empty: Rows = {other: [] for other in _EMPTY if other != name}
    lake = make_lake(folder, {**empty, **tables})
    build_time_zone_offsets(lake, "UTC")
    older = None if previous is None else write_rows(lake, "previous_rankings", previous)
    for table in _before(name, set(lake.head().tables)):
        parameters = run_parameters(as_of, "UTC")
        build(table, lake, DuckDBEngine(), parameters, extra={"previous_rankings": older})
    return rows_in(lake, name)


def _before(name: str, there: set[str]) -> list[str]:
    """Return the models to build, the named one last."""
    reads = [read for read in load_model(name).reads if read in TABLES and read not in there]
    return [*dict.fromkeys(n for read in reads for n in _before(read, there)), name]
