"""Rows on their way to a merge: a core table's columns, and helper columns that order and place them. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import IntEnum
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mavprep_analytics.exports.batches import Batch
from mavprep_analytics.exports.kinds import Kind
from mavprep_analytics.exports.routing import Invalid, Key, Placed
from mavprep_analytics.tables import Table

KEY, BUCKET, STATE = "_key", "_bucket", "_state"
"""Bucket, key columns and DynamoDB table as one text that sorts; the bucket; and what the row says."""


class RowState(IntEnum):
    """What a row says of its item. Of one item in one export, rows come in this order."""

    BEFORE = 0
    """What it was before the change, as DynamoDB says."""
    CURRENT = 1
    GONE = 2


class Rows:
    """Collects the rows of one block.

    Args:
        table_arn: the DynamoDB table that the items come from.

    Attributes:
        notes: (kind, attribute path) -> items taken without what they hold there.
    """

    def __init__(self, table_arn: str) -> None:
        self._table_arn = table_arn
        self._tables: dict[str, list[tuple[RowState, pa.Table]]] = defaultdict(list)
        self.notes: Counter[tuple[str, str]] = Counter()

    def collect(self) -> dict[str, pa.Table]:
        """Return the rows taken since the last call, by core table; those of one item in order of states."""
        tables, self._tables = self._tables, defaultdict(list)
        return {
            name: pa.concat_tables([rows for _, rows in sorted(parts, key=itemgetter(0))])
            for name, parts in sorted(tables.items())
        }

    def add(
        self, kind: Kind, batch: Batch, state: RowState = RowState.CURRENT
    ) -> dict[int, Invalid]:
        """Take all items that are right; return what is wrong with the others, by their places."""
        columns, problems = kind.columns(batch), batch.problems
        right = np.delete(np.arange(len(batch)), list(problems)) if problems else None
        for table, held in zip(kind.tables, columns, strict=True):
            self._add(table, held, batch.placed, state, right)
        if state is RowState.CURRENT:
            self.notes.update((kind.name, path) for row, path in batch.notes if row not in problems)
        return problems

    def add_gone(self, kind: Kind, keys: Sequence[Key]) -> list[int]:
        """Take deletions; return the places of keys that are bad."""
        if not keys:
            return []
        placed = Placed.of(keys)
        right = np.flatnonzero(~placed.is_bad)
        for table in kind.tables:
            fields = list(table.arrow_schema)[:-1]
            nothing = [pa.nulls(len(keys), field.type) for field in fields]
            self._add(table, nothing, placed, RowState.GONE, right)
        return np.flatnonzero(placed.is_bad).tolist()

    def _add(
        self, table: Table, columns: Sequence[Any], placed: Placed, state: RowState, right: Any
    ) -> None:
        """Add rows of a table: its columns but the last; of all rows (None) or the right ones."""
        arn = pa.scalar(self._table_arn)
        helpers = {
            KEY: pc.binary_join_element_wise(placed.buckets, *placed.parts, arn, "\0"),
            BUCKET: placed.buckets,
            STATE: pa.array(np.full(len(placed.buckets), state, np.int8)),
        }
        arrays = [*columns, pa.repeat(arn, len(placed.buckets)), *helpers.values()]
        names = [*table.arrow_schema.names, *helpers]
        rows = pa.table(arrays, names=names)
        if right is not None:
            rows = rows.take(pa.array(right))
        if len(rows):
            self._tables[table.name].append((state, rows))
