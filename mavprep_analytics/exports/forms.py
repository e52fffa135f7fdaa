"""Takes very regular JSON lists apart, a whole block at once. No I/O.

Answers are by far the most numerous values of an export, and the lists that hold them repeat one form: head,
rows of one pattern divided by commas, tail. If a list has as many marks as whole rows have, these say where
each row ends. A list that differs from the form in anything is not read here but by the typed decoder, which
accepts it or says what is wrong: both give the same columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from mavprep_analytics.exports.patterns import Hole, Matched, Pattern, columns, match
from mavprep_analytics.exports.texts import Spans

_PORTION_BYTES = 3 << 19


@dataclass(frozen=True)
class Form:
    """A list's text; its row ends with a mark, its head holds none."""

    head: bytes
    row: Pattern
    tail: bytes

    @classmethod
    def of(cls, head: bytes, parts: Sequence[bytes | Hole], tail: bytes) -> "Form":
        """Return the form of rows with these parts."""
        return cls(head, Pattern.of(parts), tail)


@dataclass(frozen=True)
class Parsed:
    """What was read.

    Args:
        is_read: of every list, whether it was.
        lengths: rows of every list that was.
        holes: by name, a column over the rows of those lists.
    """

    is_read: Any
    lengths: Any
    holes: dict[str, Any]

    @classmethod
    def joined(cls, parts: Sequence["Parsed"]) -> "Parsed":
        """Return what at least one part holds."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.is_read for part in parts]),
            np.concatenate([part.lengths for part in parts]),
            {name: pa.concat_arrays([p.holes[name] for p in parts]) for name in parts[0].holes},
        )

    @property
    def of_list(self) -> Any:
        """Of every row, the place of its list among those read."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def without(self, is_odd: Any) -> "Parsed":
        """Return only the lists without odd rows."""
        is_right = np.bincount(self.of_list[is_odd], minlength=len(self.lengths)) == 0
        is_read, rows = self.is_read.copy(), pa.array(np.repeat(is_right, self.lengths))
        is_read[is_read] = is_right
        holes = {name: column.filter(rows) for name, column in self.holes.items()}
        return Parsed(is_read, self.lengths[is_right], holes)


def parse(form: Form, lists: Spans) -> Parsed:
    """Read at least one list, as far as they have the form; some at a time, to stay in the processor's cache."""
    lists = lists.alone()
    sizes = np.cumsum(lists.ends - lists.starts)
    cuts = np.searchsorted(sizes, np.arange(_PORTION_BYTES, sizes[-1], _PORTION_BYTES)).tolist()
    portions = [slice(*cut) for cut in pairwise((0, *cuts, len(sizes))) if cut[0] < cut[1]]
    return Parsed.joined([_portion(form, lists.only(portion)) for portion in portions])


def _portion(form: Form, lists: Spans) -> Parsed:
    is_read = lists.text.plain(lists.starts, lists.ends)
    first, lengths, fits = _rows(form, lists)
    is_read &= fits
    lists, first, lengths = lists.only(is_read), first[is_read], lengths[is_read]
    found, is_right = _match(form, lists, first, lengths)
    is_read[is_read] = is_right
    if not is_right.all():
        found = found.only(np.repeat(is_right, lengths))
    holes, is_odd = columns(lists.text, found)
    parsed = Parsed(is_read, lengths[is_right], holes)
    return parsed.without(is_odd) if is_odd.any() else parsed


def _rows(form: Form, lists: Spans) -> tuple[Any, Any, Any]:
    """Return the number of each list's first mark, how many rows it may have, and whether that fits."""
    marks, mark = lists.text.marks(form.row.mark), form.row.mark
    first = np.searchsorted(marks, lists.starts)
    counts = np.searchsorted(marks, lists.ends) - first
    counts -= form.head.count(mark) + form.tail.count(mark)
    fits = (counts >= 0) & (counts % form.row.marks == 0)
    return first + form.head.count(mark), counts // form.row.marks, fits


def _match(form: Form, lists: Spans, first: Any, lengths: Any) -> tuple[Matched, Any]:
    """Match all rows; return also which lists are nothing but head, rows with commas between, and tail."""
    text, marks, each = lists.text, lists.text.marks(form.row.mark), form.row.marks
    before = np.cumsum(lengths) - lengths
    numbers = np.repeat(first - before * each, lengths) + np.arange(lengths.sum()) * each
    ends = marks[numbers + (each - 1)] + len(form.row.last) - form.row.last.rindex(form.row.mark)
    has_rows = lengths > 0
    heads, tails = before[has_rows], (before + lengths)[has_rows] - 1
    starts = np.empty(len(ends), np.int64)
    starts[1:] = ends[:-1] + 1
    starts[heads] = lists.starts[has_rows] + len(form.head)
    found = match(form.row, text, starts, numbers)
    is_joined = text.stands(b",", ends)
    is_joined[tails] = True
    close = lists.starts + len(form.head)
    close[has_rows] = ends[tails]
    is_list = text.stands(form.head, lists.starts) & text.stands(form.tail, close)
    is_list &= close + len(form.tail) == lists.ends
    if len(heads):
        is_list[has_rows] &= np.logical_and.reduceat(found.stands & is_joined, heads)
    return found, is_list
