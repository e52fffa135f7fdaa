"""Takes very regular JSON lists apart, a whole block at once and without a Python object per value. No I/O.

Answers are by far the most numerous values of an export, and the lists that hold them repeat one form: the
same fixed text around values of varying length. All quotes of a block are found in one go. If every row has
as many quotes as the form, they say where each value starts and ends; then the fixed text of every row is
compared, and what stands between rows. A list that differs in anything is not read here but by the typed
decoder, which accepts it or says what is wrong: both give the same columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

_QUOTE, _COMMA, _SPACE, _ASCII = b'", \x7f'
_MARGIN = bytes(1024)
"""Zeros after the block, so that looking a form's length beyond its end finds nothing."""


@dataclass(frozen=True)
class Hole:
    """What varies from row to row: text between quotes without escapes, or true or false."""

    name: str
    is_flag: bool = False


@dataclass(frozen=True)
class Form:
    """A list's text: `head`, rows divided by commas, `tail`; a row is fixed text and holes in turn.

    The first part of a row is fixed text, holds a quote, and each text stands between two quotes.
    """

    head: bytes
    row: tuple[bytes | Hole, ...]
    tail: bytes

    @classmethod
    def of(cls, head: bytes, parts: Sequence[bytes | Hole], tail: bytes) -> "Form":
        """Return the form, with adjacent fixed text made one."""
        row: list[bytes | Hole] = []
        for part in parts:
            if isinstance(part, bytes) and row and isinstance(row[-1], bytes):
                row[-1] += part
            else:
                row.append(part)
        return cls(head, tuple(row), tail)

    @property
    def quotes(self) -> int:
        """Quotes in one row."""
        return sum(part.count(b'"') for part in self.row if isinstance(part, bytes))

    @property
    def lead(self) -> int:
        """Where the first quote of a row stands."""
        assert isinstance(self.row[0], bytes)
        return self.row[0].index(b'"')


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


def parse(form: Form, texts: Sequence[memoryview]) -> Parsed:
    """Read the lists that have a form."""
    block = _Block(form, texts)
    fits = block.fits
    if not fits.all():
        block = _Block(form, [text for text, fit in zip(texts, fits, strict=True) if fit])
    is_right, spans = block.walk()
    is_read = fits.copy()
    is_read[fits] = is_right
    rows = np.repeat(is_right, block.lengths)
    holes = {
        hole.name: pa.array(span[0][rows])
        if hole.is_flag
        else block.strings(span[0][rows], span[1][rows])
        for hole, span in spans.items()
    }
    return Parsed(is_read, block.lengths[is_right], holes)


class _Block:
    """Lists, joined.

    Args:
        form: the form that they are to have.
        texts: the lists.

    Attributes:
        fits: which of them have as many quotes as whole rows have, and neither escapes nor odd characters.
        lengths: how many rows that makes.
    """

    def __init__(self, form: Form, texts: Sequence[memoryview]) -> None:
        self._form = form
        self._text = b"".join((*texts, _MARGIN))
        self._codes = np.frombuffer(self._text, np.uint8)
        sizes = np.array([text.nbytes for text in texts], np.int64)
        self._ends = np.cumsum(sizes)
        self._starts = self._ends - sizes
        self._quotes = np.flatnonzero(self._codes == _QUOTE)
        first = np.searchsorted(self._quotes, self._starts)
        heads = form.head.count(b'"')
        counts = np.diff(first, append=len(self._quotes)) - heads
        self._first = first + heads
        self.lengths = counts // form.quotes
        self.fits = (counts >= 0) & (counts % form.quotes == 0)
        if b"\\" in self._text or not _is_clean(self._codes[: -len(_MARGIN)]):
            self.fits &= [_is_plain(bytes(text)) for text in texts]

    def walk(self) -> tuple[Any, dict[Hole, tuple[Any, ...]]]:
        """Return which lists are right, and of each hole starts and ends, or whether it is true."""
        before = np.cumsum(self.lengths) - self.lengths
        first = np.repeat(self._first - before * self._form.quotes, self.lengths)
        first += np.arange(len(first)) * self._form.quotes
        at = starts = self._quotes[first] - self._form.lead
        is_right = np.ones(len(at), np.bool_)
        spans: dict[Hole, tuple[Any, ...]] = {}
        passed = 0
        for part in self._form.row:
            if isinstance(part, bytes):
                is_right &= self._stands(part, at)
                at, passed = at + len(part), passed + part.count(b'"')
            elif part.is_flag:
                is_true = self._stands(b"true", at)
                is_right &= is_true | self._stands(b"false", at)
                spans[part] = (is_true,)
                at = at + np.where(is_true, len(b"true"), len(b"false"))
            else:
                end = self._quotes[first + passed]
                spans[part] = (at, end)
                at = end
        return self._are_joined(starts, at, is_right), spans

    def _are_joined(self, starts: Any, ends: Any, is_right: Any) -> Any:
        """Return which lists are nothing but head, right rows with one comma between them, and tail."""
        head, tail = self._form.head, self._form.tail
        has_rows = self.lengths > 0
        last = np.cumsum(self.lengths)[has_rows] - 1
        first = last + 1 - self.lengths[has_rows]
        before = np.empty(len(starts), np.int64)
        before[1:] = ends[:-1] + 1
        before[first] = self._starts[has_rows] + len(head)
        is_after_comma = self._codes[starts - 1] == _COMMA
        is_after_comma[first] = True
        is_right &= (starts == before) & is_after_comma
        tails = self._starts + len(head)
        tails[has_rows] = ends[last]
        is_list = self._stands(head, self._starts) & self._stands(tail, tails)
        is_list &= tails + len(tail) == self._ends
        if has_rows.any():
            is_list[has_rows] &= np.logical_and.reduceat(is_right, first)
        return is_list

    def _stands(self, text: bytes, at: Any) -> Any:
        """Return at which places a text stands."""
        size = len(text)
        here = np.ndarray((len(self._text) - size + 1,), f"S{size}", self._text, strides=(1,))
        return here[at] == text

    def strings(self, starts: Any, ends: Any) -> Any:
        """Return the text between places, as a column."""
        offsets = np.empty(2 * len(starts) + 1, np.int32)
        offsets[0:-1:2], offsets[1::2], offsets[-1] = starts, ends, ends[-1] if len(ends) else 0
        buffers: list[Any] = [None, pa.py_buffer(offsets.data), pa.py_buffer(self._text)]
        values = pa.Array.from_buffers(pa.string(), 2 * len(starts), buffers)
        return values.take(np.arange(0, 2 * len(starts), 2))


def _is_clean(codes: Any) -> bool:
    """Return whether a text is UTF-8 without control characters."""
    if codes.min(initial=_SPACE) < _SPACE:
        return False
    try:
        return codes.max(initial=0) <= _ASCII or bool(codes.tobytes().decode())
    except UnicodeDecodeError:
        return False


def _is_plain(text: bytes) -> bool:
    return b"\\" not in text and _is_clean(np.frombuffer(text, np.uint8))
