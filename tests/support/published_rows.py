"""Rows of the published tables made from the declarations, and lakes that hold them."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from small_catalogue import Ids

from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.publication import published_tables
from mavprep_analytics.tables import TABLES, Column, Table

Row = dict[str, Any]
_UNPUBLISHED = ("question_counts", "core_reputations")


def rows(table: Table, count: int, ids: Ids, seed: int = 0) -> list[Row]:
    """Make up to `count` random rows with distinct keys that the catalogue allows."""
    rng = random.Random(f"{table.name} {seed}")
    made = [{c.name: value(c, n, ids, rng) for c in table.columns} for n in range(count)]
    return list({tuple(row[name] for name in table.key): row for row in made}.values())


def value(column: Column, number: int, ids: Ids, rng: random.Random) -> Any:
    """Make a value of the column's type and range; null now and then where it may be."""
    if column.nullable and rng.random() < 0.2:
        return None
    if column.references:
        return rng.choice(_ids_of(column.references, ids))
    if column.allowed:
        return rng.choice(column.allowed)
    return _plain_value(column, number, rng)


def _plain_value(column: Column, number: int, rng: random.Random) -> Any:
    kind = column.type.arrow
    if pa.types.is_decimal(kind):
        digits = min(kind.precision, 12)
        scaled = rng.randint(0, 10 ** min(digits, kind.scale))
        return Decimal(scaled).scaleb(-kind.scale)
    if pa.types.is_boolean(kind):
        return rng.random() < 0.5
    if pa.types.is_integer(kind):
        return rng.randint(int(column.minimum or 1), 10_000)
    if pa.types.is_date(kind):
        return date(2026, 1, 1) + timedelta(days=number)
    if pa.types.is_timestamp(kind):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=rng.randrange(10**13))
    odd = rng.choice(["", ",", '"', "\\.", "\n", "é", "NULL", "\\N", " "])
    return f"{column.name}{odd}{number}"


def _ids_of(reference: str, ids: Ids) -> Sequence[str]:
    return {
        "subjects.id": ids.subjects,
        "topics.id": ids.topics,
        "questions.id": ids.questions,
        "test_templates.id": ids.tests,
    }[reference]


def commit(lake: Lake, content: Mapping[str, Sequence[Row]], **facts: Any) -> Version:
    """Commit a version with these rows; tables that were never given are empty, others stay."""
    base = lake.head()
    names = [table.name for table in published_tables()] + list(_UNPUBLISHED)
    wanted = {
        name: content.get(name, ()) for name in names if name in content or name not in base.tables
    }
    entries = {
        name: lake.write(name, schema(name), arrow(name, given).to_batches(), {})
        for name, given in wanted.items()
    }
    return lake.commit(entries, facts, base=base)


def new_lake(folder: Path) -> Lake:
    """Open an empty lake below the folder."""
    return Lake.open(str(folder / "lake"), folder / "scratch")


def schema(name: str) -> pa.Schema:
    """The lake's schema of a table."""
    return TABLES[name].arrow_schema


def arrow(name: str, given: Sequence[Row]) -> pa.Table:
    """Rows as the lake's Arrow table; absent columns are null."""
    return pa.Table.from_pylist(list(given), schema=schema(name))
