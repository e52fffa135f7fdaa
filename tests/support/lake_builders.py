"""Lakes from plain rows: every core and catalogue table exists, and a row names only what matters to a test.

What a row leaves out is null where the column allows it, else the emptiest value of its type. Ids are made
readable by `uuid_of("algebra")`. Times are given in days and seconds since 1970-01-01T00:00Z.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import TABLES, Column, Layer, Table

Row = dict[str, Any]
Rows = Mapping[str, Iterable[Row]]
"""Table name -> rows."""

MICROS = 1_000_000
DAY = 86_400
FOREVER = (-62_135_596_800 * MICROS, 253_402_300_800 * MICROS)
"""The first instant of year 1 and the instant at which year 9999 is over."""

_INPUTS = [
    name
    for name, table in TABLES.items()
    if table.group in ("core", "catalogue") or table.layer is Layer.CATALOGUE
]


def uuid_of(name: str) -> str:
    """Return a uuid text that depends on the name alone."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def fill(table: Table, row: Row) -> Row:
    """Return the row with every column of the table; an unknown column is an error."""
    unknown = set(row) - {column.name for column in table.columns}
    if unknown:
        raise KeyError(f"{table.name} has no {', '.join(sorted(unknown))}")
    return {c.name: row[c.name] if c.name in row else _empty(c) for c in table.columns}


def add_tables(lake: Lake, tables: Rows) -> None:
    """Commit tables, each whole, from rows."""
    entries = {name: write_rows(lake, name, rows) for name, rows in tables.items()}
    lake.commit(entries, base=lake.head())


def write_rows(lake: Lake, name: str, rows: Iterable[Row]) -> TableEntry:
    """Write rows as a table's file without committing it; the name may be `previous_<table>`."""
    table = TABLES[name.removeprefix("previous_")]
    filled = [fill(table, row) for row in rows]
    data = pa.Table.from_pylist(filled, schema=table.arrow_schema)
    return lake.write(name, table.arrow_schema, data.to_batches(), {})


def make_lake(folder: Path, tables: Rows | None = None) -> Lake:
    """Return a lake that holds every core and catalogue table, those not given without rows."""
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    add_tables(
        lake, {**{name: [] for name in _INPUTS}, "time_zone_offsets": [utc()], **(tables or {})}
    )
    return lake


def rows_in(lake: Lake, name: str) -> list[Row]:
    """Return the rows of a table of the newest version."""
    return lake.read(lake.head().tables[name]).to_pylist()


def utc() -> Row:
    """Return the row of time_zone_offsets for UTC."""
    return {
        "timezone": "UTC",
        "from_micros": FOREVER[0],
        "to_micros": FOREVER[1],
        "offset_micros": 0,
    }


def attempt(
    user: str,
    test: str,
    *,
    at: float,
    key: str | None = None,
    answers: list[Row] | None = None,
    **more: Any,
) -> Row:
    """Return an eligible attempt that ended at so many seconds since 1970."""
    end = round(at * MICROS)
    return {
        "user_id": user,
        "test_id": test,
        "attempt_key": key or f"{at:020.6f}",
        "subject_ref": "",
        "started_at_micros": end - 600 * MICROS,
        "ended_at_micros": end,
        "is_completed": True,
        "is_graded": True,
        "answers": answers,
        **more,
    }


def answer(position: int, question: str, correct: bool, **more: Any) -> Row:
    """Return an entry of an attempt's answers."""
    return {
        "position": position,
        "question_ref": question,
        "is_correct": correct,
        "selected_option": None,
        "seconds": None,
        **more,
    }


def _empty(column: Column) -> Any:
    if column.nullable:
        return None
    arrow = column.type.arrow
    if pa.types.is_string(arrow):
        return column.allowed[0] if column.allowed else ""
    if pa.types.is_boolean(arrow):
        return False
    if pa.types.is_date32(arrow):
        return date(1970, 1, 1)
    if pa.types.is_list(arrow):
        return []
    return Decimal(int(column.minimum or 0)) if pa.types.is_decimal(arrow) else 0
