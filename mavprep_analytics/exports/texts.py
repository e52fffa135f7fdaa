"""A block of lines, with questions asked of many places in it at once. No I/O."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

_NEW_LINE, _SPACE, _BACKSLASH = b"\n \\"
_WORD = np.dtype(np.uint64)
_MARGIN = bytes(1024)
"""Zeros after the text, so that looking some fixed text's length beyond its end finds nothing."""


class Text:
    """Bytes, from one or several pieces.

    Attributes:
        content: the bytes, and some zeros after them.
        size: how many bytes there are without these.
    """

    def __init__(self, *pieces: bytes | memoryview) -> None:
        self.content = b"".join((*pieces, _MARGIN))
        self.size = len(self.content) - len(_MARGIN)
        self._codes = np.frombuffer(self.content, np.uint8)
        self._marks: dict[bytes, Any] = {}

    @classmethod
    def of_lines(cls, lines: Iterable[bytes]) -> "Text":
        """Return lines as one text."""
        return cls(b"\n".join(lines))

    @property
    def lines(self) -> list[bytes]:
        """All lines, without their new lines."""
        return self.content[: self.size].split(b"\n")

    def marks(self, mark: bytes) -> Any:
        """Return all places of a character, in order."""
        if mark not in self._marks:
            self._marks[mark] = np.flatnonzero(self._codes == ord(mark))
        return self._marks[mark]

    @cached_property
    def line_bounds(self) -> tuple[Any, Any]:
        """Where the lines start and end."""
        ends = np.append(self.marks(b"\n"), self.size)
        return np.append(0, ends[:-1] + 1), ends

    @cached_property
    def odd_places(self) -> Any:
        """Places of backslashes, and of control characters but new lines."""
        codes = self._codes[: self.size]
        if np.count_nonzero(codes < _SPACE) == len(self.marks(b"\n")) and b"\\" not in self.content:
            return np.empty(0, np.int64)
        return np.flatnonzero(((codes < _SPACE) & (codes != _NEW_LINE)) | (codes == _BACKSLASH))

    @cached_property
    def is_unicode(self) -> bool:
        """Whether all of it is UTF-8."""
        return self.content.isascii() or _is_unicode(self.content)

    def plain(self, starts: Any, ends: Any) -> Any:
        """Return which stretches, in order, are UTF-8 without backslashes and control characters."""
        odd = self.odd_places
        is_plain = np.searchsorted(odd, starts) == np.searchsorted(odd, ends)
        if not self.is_unicode:
            is_plain &= [_is_unicode(self.content[s:e]) for s, e in zip(starts, ends, strict=True)]
        return is_plain

    def stands(self, text: bytes, at: Any) -> Any:
        """Return at which places a text stands; eight bytes are compared at once."""
        count = -(-len(text) // _WORD.itemsize)
        size = count * _WORD.itemsize
        here = np.ndarray((len(self.content) - size + 1,), f"V{size}", self.content, strides=(1,))
        found = here[at].view(_WORD).reshape(-1, count)
        words = np.frombuffer(text.ljust(size, b"\0"), _WORD)
        bits = np.frombuffer((b"\xff" * len(text)).ljust(size, b"\0"), _WORD)
        stands = (found[:, -1] & bits[-1]) == words[-1]
        for place in range(count - 1):
            stands &= found[:, place] == words[place]
        return stands

    def strings(self, starts: Any, ends: Any) -> Any:
        """Return the text between places, as a column."""
        offsets = np.empty(2 * len(starts) + 1, np.int32)
        offsets[0:-1:2], offsets[1::2], offsets[-1] = starts, ends, ends[-1] if len(ends) else 0
        buffers: list[Any] = [None, pa.py_buffer(offsets.data), pa.py_buffer(self.content)]
        values = pa.Array.from_buffers(pa.string(), 2 * len(starts), buffers)
        return values.take(np.arange(0, 2 * len(starts), 2))


class Spans(NamedTuple):
    """Stretches of one text, in order; those of the rows that have one.

    Args:
        text: the text.
        rows: which row each belongs to.
        starts: where each starts.
        ends: where it ends.
        total: rows in all.
    """

    text: Text
    rows: Any
    starts: Any
    ends: Any
    total: int

    @classmethod
    def of(cls, texts: Iterable[memoryview | None]) -> "Spans":
        """Return separate texts as stretches of one; None: the row has none."""
        every = list(texts)
        held = [text for text in every if text is not None]
        ends = np.cumsum([text.nbytes for text in held], dtype=np.int64)
        rows = np.array([row for row, text in enumerate(every) if text is not None], np.int64)
        return cls(Text(*held), rows, np.append(0, ends[:-1]) if held else ends, ends, len(every))

    def only(self, which: Any) -> "Spans":
        """Return some of the stretches."""
        return self._replace(
            rows=self.rows[which], starts=self.starts[which], ends=self.ends[which]
        )

    def alone(self) -> "Spans":
        """Return the same stretches, as a text of their own if their text is mostly something else."""
        if 2 * (self.ends - self.starts).sum() > self.text.size:
            return self
        return Spans.of(self.pieces)._replace(rows=self.rows, total=self.total)

    @property
    def pieces(self) -> list[memoryview]:
        """All stretches."""
        content, bounds = memoryview(self.text.content), (self.starts.tolist(), self.ends.tolist())
        return [content[start:end] for start, end in zip(*bounds, strict=True)]

    def piece(self, place: int) -> memoryview:
        """Return one stretch."""
        return memoryview(self.text.content)[self.starts[place] : self.ends[place]]


def _is_unicode(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
