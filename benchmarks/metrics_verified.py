"""Says whether a lake after some nights holds, row for row, what one build of everything would hold."""

import os
import shutil
from pathlib import Path

import duckdb

from mavprep_analytics.engine import model_names
from mavprep_analytics.lake import Lake

_DIFFERING = """
with changes as (
    select hash(one) as row_hash, 1 as change from one
    union all
    select hash(other) as row_hash, -1 as change from other
),
balances as (
    select row_hash, sum(change) as balance from changes group by row_hash
)
select cast(coalesce(sum(abs(balance)), 0) as bigint) from balances
"""


def inputs_anew(folder: Path) -> Path:
    """Return a folder beside the lake with a lake of its inputs alone; their files are shared."""
    other = folder / "whole"
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    shutil.copytree(folder / "lake" / "data", other / "lake" / "data", copy_function=os.link)
    made = {name: entry for name, entry in lake.head().tables.items() if name not in model_names()}
    whole = Lake.open(str(other / "lake"), other / "scratch")
    whole.commit(made, base=whole.head())
    return other


def differing_tables(folder: Path, other: Path) -> dict[str, int]:
    """Return the tables whose rows differ between two lakes, and how many rows do."""
    lakes = [Lake.open(str(place / "lake"), place / "scratch") for place in (folder, other)]
    found = {name: _differing_rows(name, lakes) for name in lakes[1].head().tables}
    return {name: rows for name, rows in found.items() if rows}


def _differing_rows(name: str, lakes: list[Lake]) -> int:
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "2GB"}) as connection:
        for side, lake in zip(("one", "other"), lakes, strict=True):
            paths = [str(path) for path in lake.local_files(lake.head().tables[name])]
            connection.read_parquet(paths).create_view(side)
        ((rows,),) = connection.sql(_DIFFERING).fetchall()
    return int(rows)
