"""Columns of nested lists from their JSON text: by the block where it is regular, else list by list. No I/O."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from mavprep_analytics.exports.columns import flat_columns, list_of_rows, positions
from mavprep_analytics.exports.forms import Form, Parsed, parse
from mavprep_analytics.exports.texts import Spans

Row = tuple[Any, ...]


class Piece(NamedTuple):
    """Some of the lists: which, their lengths, and columns over their rows."""

    rows: Any
    lengths: Any
    columns: Sequence[Any]


Texts = Sequence[memoryview | None]


Each = Callable[[Callable[[memoryview], list[Row]], Texts, str], Sequence[list[Row] | None]]
"""Applies a function to every text but None, and deals with what it raises; see `Batch.each`."""


@dataclass(frozen=True)
class NestedLists:
    """One attribute that holds a list of rows.

    Args:
        data_type: the column's type.
        attribute: its name in the item.
        form: guesses the form of a list from its start; None: it has none.
        columns: makes the rows' columns from what a form's holes held; and which rows are odd.
        rows: reads one list the slow way; it raises what is wrong with it.
    """

    data_type: Any
    attribute: str
    form: Callable[[memoryview], Form | None]
    columns: Callable[[Parsed], tuple[list[Any], Any]]
    rows: Callable[[memoryview], list[Row]]

    def column(self, lists: Spans, each: Each) -> Any:
        """Return the column of all lists; null where a row has none."""
        pieces: list[Piece] = []
        left = lists
        if len(lists.rows):
            left = self._regular(self.form(lists.piece(0)), lists, pieces)
        groups = defaultdict(list)
        for place, text in enumerate(left.pieces):
            groups[self.form(text)].append(place)
        slow = [self._regular(form, left.only(places), pieces) for form, places in groups.items()]
        texts: list[memoryview | None] = [None] * lists.total
        for some in slow:
            for row, text in zip(some.rows.tolist(), some.pieces, strict=True):
                texts[row] = text
        if any(text is not None for text in texts):
            pieces.append(_slow_piece(self.data_type, each(self.rows, texts, self.attribute)))
        return _whole(self.data_type, pieces, lists.total)

    def _regular(self, form: Form | None, lists: Spans, pieces: list[Piece]) -> Spans:
        """Read the lists of one form into a piece; return those that do not have it after all."""
        if form is None:
            return lists
        parsed = parse(form, lists)
        columns, is_odd = self.columns(parsed)
        if is_odd.any():
            parsed = parsed.without(is_odd)
            columns, _ = self.columns(parsed)
        pieces.append(Piece(lists.rows[parsed.is_read], parsed.lengths, columns))
        return lists.only(~parsed.is_read)


def _slow_piece(data_type: Any, lists: Sequence[list[Row] | None]) -> Piece:
    rows = [row for row, entries in enumerate(lists) if entries is not None]
    held = [lists[row] or [] for row in rows]
    columns = flat_columns(data_type, held)
    return Piece(np.array(rows, np.int64), np.array(list(map(len, held)), np.int64), columns)


def _whole(data_type: Any, pieces: Sequence[Piece], count: int) -> Any:
    """Return the list column of so many rows; those of no piece are null."""
    lengths, is_null = np.zeros(count, np.int64), np.ones(count, np.bool_)
    for piece in pieces:
        lengths[piece.rows], is_null[piece.rows] = piece.lengths, False
    if len(pieces) == 1:
        return list_of_rows(data_type, lengths, is_null, pieces[0].columns)
    fields = list(data_type.value_type)
    held = [piece.columns for piece in pieces] or [[pa.nulls(0, field.type) for field in fields]]
    columns = [pa.concat_arrays(parts) for parts in zip(*held, strict=True)]
    starts = np.cumsum(lengths) - lengths
    places = [_ranges(starts[piece.rows], piece.lengths) for piece in pieces]
    order = pa.array(np.argsort(np.concatenate(places))) if places else pa.array([], pa.int64())
    return list_of_rows(data_type, lengths, is_null, [column.take(order) for column in columns])


def _ranges(starts: Any, lengths: Any) -> Any:
    """Return start, start + 1 … for every start, one after the other."""
    return np.repeat(starts, lengths) + positions(lengths) - 1
