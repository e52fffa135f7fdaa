"""Merges one bucket of a core table: its rows so far and sorted runs of newer exports, in bounded memory.

For every item key of every DynamoDB table the newest export decides: its row, or nothing if it deleted the
item. Rows leave in key order and in row groups of a fixed size, so equal states are equal bytes.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.exports.equality import rows_equal
from mavprep_analytics.exports.refusals import RepeatedItem
from mavprep_analytics.exports.rows import KEY, STATE, RowState
from mavprep_analytics.exports.runs import counted, read_run, write_run
from mavprep_analytics.tables import TABLES, Table

ROW_GROUP_ROWS = 1 << 17
NESTED_ROW_GROUP_ROWS = 1 << 12
FAN_IN = 24
AT_ONCE_BYTES = 16 << 20
_EXPANSION = 4
"""How much larger rows are in memory than in Parquet before compression, at most."""
_ORDER = "_order"
"""Age and state of a row as one number: rank of its export times `_STATES`, plus its state."""
_STATES = 4
_HELPERS = (KEY, STATE, _ORDER)


@dataclass(frozen=True)
class MergeTask:
    """One bucket to be written.

    Args:
        table: its name.
        bucket: the month, or "".
        base: the file of its rows so far; None: there are none.
        runs: rank (1 and up, newer is higher) and path of every run.
        replaced: ARNs of DynamoDB tables whose rows so far are replaced as a whole.
        target: the file to write.
        tells: whether to write, beside it, which rows went and came.
        exports: by rank and ARN of the DynamoDB table, how a person names the export that was read.
    """

    table: str
    bucket: str
    base: Path | None
    runs: tuple[tuple[int, Path], ...]
    replaced: frozenset[str]
    target: Path
    tells: bool = False
    exports: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @property
    def went(self) -> Path:
        """The file of rows so far that an export changed or deleted."""
        return self.target.with_suffix(".went.parquet")

    @property
    def came(self) -> Path:
        """The file of rows that an export changed or added."""
        return self.target.with_suffix(".came.parquet")


@dataclass
class Merged:
    """The outcome.

    Args:
        task: what was asked.
        rows: rows written.
        before: by ARN of a replaced DynamoDB table, its rows so far.
        vanished: by the same, those of them that the newer full export no longer holds.
        drifted: by rank and ARN, changes whose image before is not the row that we had.
        went: rows so far that an export changed or deleted.
        came: rows that an export changed or added.
    """

    task: MergeTask
    rows: int = 0
    before: Counter[str] = field(default_factory=Counter)
    vanished: Counter[str] = field(default_factory=Counter)
    drifted: Counter[tuple[int, str]] = field(default_factory=Counter)
    went: int = 0
    came: int = 0


def merge(task: MergeTask) -> Merged:
    """Write the bucket's file, and the files of what went and came.

    Raises:
        RepeatedItem: an export holds a key twice, or two DynamoDB tables hold it.
    """
    table, merged, last = TABLES[task.table], Merged(task), ""
    with (
        _RowGroupWriter(task.target, table) as writer,
        _RowGroupWriter(task.went, table) as went,
        _RowGroupWriter(task.came, table) as came,
    ):
        for rows in _at_once(table, task) if _is_small(task) else _merged(_sources(table, task)):
            live = _newest(table, rows, task.replaced, merged)
            last = _refuse_shared(table, live, last)
            writer.add(live.drop_columns(list(_HELPERS)))
            if task.tells and rows[_ORDER].to_numpy().max() >= _STATES:
                old, new = _moved(table, rows, live)
                went.add(old)
                came.add(new)
        merged.rows, merged.went, merged.came = writer.rows, went.rows, came.rows
    return merged


def write_rows(table: Table, target: Path, parts: Iterable[pa.Table]) -> None:
    """Write rows of a core table, in key order, as the file of one bucket."""
    with _RowGroupWriter(target, table) as writer:
        for part in parts:
            writer.add(part)


def _is_small(task: MergeTask) -> bool:
    """Return whether all rows fit into memory together."""
    size = sum(path.stat().st_size for _, path in task.runs)
    if task.base is not None:
        groups = pq.read_metadata(task.base)
        size += _EXPANSION * sum(
            groups.row_group(place).total_byte_size for place in range(groups.num_row_groups)
        )
    return size <= AT_ONCE_BYTES


def _at_once(table: Table, task: MergeTask) -> Iterator[pa.Table]:
    """Yield all rows in key order, older sources first; the sort is stable."""
    base = [] if task.base is None else [_base_rows(table, task)]
    newer = [_ranked(read_run(path), rank) for rank, path in sorted(task.runs)]
    parts = [part for source in (*base, *newer) for part in source]
    if parts:
        rows = pa.concat_tables(parts).combine_chunks()
        yield rows.take(pc.sort_indices(rows[KEY]))


def _sources(table: Table, task: MergeTask) -> list[Iterator[pa.Table]]:
    newer = [_ranked(read_run(path), rank) for rank, path in sorted(task.runs)]
    level = 0
    while len(newer) > FAN_IN:
        groups = [newer[start : start + FAN_IN] for start in range(0, len(newer), FAN_IN)]
        newer = [
            _one_run(group, task.target.with_suffix(f".{level}-{number}.arrow"))
            for number, group in enumerate(groups)
        ]
        level += 1
    return newer if task.base is None else [_base_rows(table, task), *newer]


def _one_run(sources: list[Iterator[pa.Table]], path: Path) -> Iterator[pa.Table]:
    """Merge sorted sources into one longer run on disk, so that few need to be open at once."""
    write_run(path, _merged(sources))
    return read_run(path)


def _ranked(parts: Iterator[pa.Table], rank: int) -> Iterator[pa.Table]:
    for part in parts:
        order = part[STATE].to_numpy().astype(np.int32) + rank * _STATES
        yield part.append_column(_ORDER, pa.array(order))


def _base_rows(table: Table, task: MergeTask) -> Iterator[pa.Table]:
    assert task.base is not None
    size = NESTED_ROW_GROUP_ROWS // 8 if _is_nested(table) else ROW_GROUP_ROWS // 8
    with pq.ParquetFile(task.base) as file:
        for batch in file.iter_batches(batch_size=size):
            rows = pa.Table.from_batches([batch])
            parts: list[Any] = [rows[name].cast(pa.string()) for name in (*table.key, "table_arn")]
            key = pc.binary_join_element_wise(pa.scalar(task.bucket), *parts, "\0")
            state = pa.array(np.full(len(rows), RowState.CURRENT, np.int8))
            yield from _ranked(
                iter([rows.append_column(KEY, key).append_column(STATE, state)]), rank=0
            )


def _merged(sources: Sequence[Iterator[pa.Table]]) -> Iterator[pa.Table]:
    """Yield the rows of sorted sources in key order; rows of one key never part, older sources first."""
    heads = [next(source, None) for source in sources]
    carry: list[pa.Table] = []
    while any(head is not None for head in heads):
        bound = min(head[KEY][-1].as_py() for head in heads if head is not None)
        pool = carry
        for place, head in enumerate(heads):
            if head is None:
                continue
            cut = bisect_right(_Keys(head[KEY]), bound)
            pool = [*pool, head.slice(0, cut)]
            heads[place] = head.slice(cut) if cut < len(head) else next(sources[place], None)
        rows = _ordered(pool)
        first = int(pc.index(rows[KEY], bound).as_py())
        carry = [rows.slice(first)]
        if first:
            yield rows.slice(0, first)
    if carry:
        yield _ordered(carry)


def _ordered(parts: list[pa.Table]) -> pa.Table:
    rows = pa.concat_tables(parts).combine_chunks()
    if len(parts) == 1:
        return rows
    return rows.take(pc.sort_indices(rows, [(KEY, "ascending"), (_ORDER, "ascending")]))


class _Keys(Sequence[str]):
    """A column of sorted keys, for bisection."""

    def __init__(self, column: "pa.ChunkedArray[Any]") -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        return str(self._column[place].as_py())


def _newest(table: Table, rows: pa.Table, replaced: frozenset[str], merged: Merged) -> pa.Table:
    """Return the newest row of every item that is not gone."""
    if replaced:
        rows = _without_replaced(rows, replaced, merged)
    if not len(rows):
        return rows
    order = rows[_ORDER].to_numpy()
    is_before = order % _STATES == RowState.BEFORE
    if is_before.any():
        _compare(table, rows, is_before, merged)
    is_same = _is_same(rows[KEY])
    repeated = np.flatnonzero(is_same & (np.diff(order // _STATES) == 0) & ~is_before[:-1])
    if len(repeated):
        place = int(order[repeated[0]]) // _STATES, rows["table_arn"][int(repeated[0])].as_py()
        raise RepeatedItem(
            f"{merged.task.exports.get(place, 'an export')} holds one item of {table.name} twice",
            "Do not use it; ask for a new full export: mavprep exports request --full",
        )
    is_live = np.append(~is_same, True) & (order % _STATES == RowState.CURRENT)
    return rows if is_live.all() else rows.filter(pa.array(is_live))


def _is_same(keys: Any) -> Any:
    """Return of every row but the first whether it has the key of the row before."""
    whole = keys.combine_chunks()
    return pc.equal(whole[1:], whole[:-1]).to_numpy(zero_copy_only=False)


def _without_replaced(rows: pa.Table, replaced: frozenset[str], merged: Merged) -> pa.Table:
    """Return the rows without those so far of replaced tables; count these, and which have no newer row."""
    is_last = np.append(~_is_same(rows[KEY]), True)
    of_replaced = pc.is_in(rows["table_arn"], pa.array(sorted(replaced))).to_numpy()
    is_ghost = (rows[_ORDER].to_numpy() < _STATES) & of_replaced
    merged.before.update(_arns(rows, is_ghost))
    merged.vanished.update(_arns(rows, is_ghost & is_last))
    return rows.filter(pa.array(~is_ghost))


def _compare(table: Table, rows: pa.Table, is_before: Any, merged: Merged) -> None:
    """Count the changes whose image before is not the row that we have."""
    places = np.flatnonzero(is_before)
    is_known = np.append(False, _is_same(rows[KEY]))[places]
    order = rows[_ORDER].to_numpy()
    ours, told = rows.take(places[is_known] - 1), rows.take(places[is_known])
    is_known[is_known] = rows_equal(*(r.select(table.arrow_schema.names) for r in (ours, told)))
    drifted = places[~is_known]
    arns = rows["table_arn"].take(drifted).to_pylist()
    for rank, arn in zip((order[drifted] // _STATES).tolist(), arns, strict=True):
        merged.drifted[rank, str(arn)] += 1


def _moved(table: Table, rows: pa.Table, live: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the rows so far that are gone or changed, and the live rows that are new or changed."""
    is_old = (rows[_ORDER].to_numpy() < _STATES)[:-1] & _is_same(rows[KEY])
    went = rows.filter(pa.array(np.append(is_old, False)))
    came = live.filter(pa.array(live[_ORDER].to_numpy() >= _STATES))
    places = pc.index_in(went[KEY], value_set=came[KEY].combine_chunks()).to_pylist()
    pairs = np.array([(old, new) for old, new in enumerate(places) if new is not None], np.int64)
    old, new = pairs.reshape(-1, 2).T
    names = table.arrow_schema.names
    went, came = went.select(names), came.select(names)
    is_same = rows_equal(went.take(old), came.take(new))
    return _all_but(went, old[is_same]), _all_but(came, new[is_same])


def _all_but(rows: pa.Table, places: np.ndarray) -> pa.Table:
    return rows.take(np.delete(np.arange(len(rows)), places))


def _arns(rows: pa.Table, mask: np.ndarray) -> dict[str, int]:
    return dict(counted(rows["table_arn"].filter(pa.array(mask))))


def _refuse_shared(table: Table, rows: pa.Table, last: str) -> str:
    """Refuse an item that lives in two DynamoDB tables; return the last key of these rows."""
    if not len(rows) or "table_arn" not in rows.column_names:
        return last
    arns = {arn for arn, _ in counted(rows["table_arn"])}
    is_shared = _item(rows[KEY][0].as_py()) == _item(last)
    if len(arns) > 1:
        items = pc.replace_substring_regex(rows[KEY], "\0[^\0]*$", "").combine_chunks()
        is_shared |= bool(pc.any(pc.equal(items[1:], items[:-1])).as_py())
    if is_shared:
        arns |= {last.rpartition("\0")[2]} - {""}
        raise RepeatedItem(
            f"two DynamoDB tables hold one item of {table.name}: {', '.join(sorted(arns))}",
            "Keep the exports of only one of them below MAVPREP_EXPORTS_URL",
        )
    return str(rows[KEY][-1].as_py())


def _item(key: str) -> str:
    return key.rpartition("\0")[0]


def _is_nested(table: Table) -> bool:
    return any(pa.types.is_list(field.type) for field in table.arrow_schema)


class _RowGroupWriter:
    """Writes Parquet in row groups of exactly one size, whatever the pieces it is given."""

    def __init__(self, target: Path, table: Table) -> None:
        self._schema = table.arrow_schema
        self._size = NESTED_ROW_GROUP_ROWS if _is_nested(table) else ROW_GROUP_ROWS
        flat = [field.name for field in self._schema if not pa.types.is_nested(field.type)]
        self._writer = pq.ParquetWriter(
            target,
            self._schema,
            compression="zstd",
            compression_level=1,
            store_schema=False,
            write_statistics=flat,  # nobody looks for rows by what their lists hold
        )
        self._held: list[pa.Table] = []
        self._count = 0
        self.rows = 0

    def __enter__(self) -> "_RowGroupWriter":
        return self

    def __exit__(self, *_: object) -> None:
        if self._count:
            self._write(pa.concat_tables(self._held))
        self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Take rows in order."""
        self._held.append(rows)
        self._count += len(rows)
        self.rows += len(rows)
        if self._count >= self._size:
            held = pa.concat_tables(self._held)
            whole = self._count - self._count % self._size
            for start in range(0, whole, self._size):
                self._write(held.slice(start, self._size))
            self._held, self._count = [held.slice(whole)], self._count - whole

    def _write(self, rows: pa.Table) -> None:
        self._writer.write_table(
            rows.combine_chunks().cast(self._schema), row_group_size=self._size
        )
