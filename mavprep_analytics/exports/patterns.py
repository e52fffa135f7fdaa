"""Fixed text around varying text, matched at many places at once without a Python object per value. No I/O.

Between fixed texts are holes. One character of the fixed text, the mark, stands after every hole; all marks of
a text are found in one go and say where each hole ends; then the fixed text is compared. A hole that held
the mark itself, or a quote, makes the match fail: what does not match is read by other means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from mavprep_analytics.exports.texts import Text

_QUOTE = ord('"')


@dataclass(frozen=True)
class Hole:
    """What varies: text between quotes without escapes, or true or false."""

    name: str
    is_flag: bool = False


@dataclass(frozen=True)
class Way:
    """Fixed text, with what its flags say in it."""

    text: bytes = b""
    flags: tuple[tuple[str, bool], ...] = ()


Ways = tuple[Way, ...]
"""What may stand between two texts: one way for every value that the flags there can have."""


@dataclass(frozen=True)
class Pattern:
    """Ways and texts in turn.

    Args:
        names: of the texts.
        ways: before, between and after them; each text stands between two quotes.
        mark: a character that stands in the fixed text after every text.
    """

    names: tuple[str, ...]
    ways: tuple[Ways, ...]
    mark: bytes

    @classmethod
    def of(cls, parts: Sequence[bytes | Hole]) -> "Pattern":
        """Return the pattern of fixed text and holes in turn; the first and the last part are fixed."""
        names: list[str] = []
        ways: list[Ways] = [(Way(),)]
        for part in parts:
            if isinstance(part, Hole) and not part.is_flag:
                names.append(part.name)
                ways.append((Way(),))
            else:
                ways[-1] = _extended(ways[-1], part)
        is_rare = all(b"}" in way.text for way, *_ in ways[1:])
        return cls(tuple(names), tuple(ways), b"}" if is_rare else b'"')

    @property
    def marks(self) -> int:
        """How many marks there are in it."""
        return sum(way.text.count(self.mark) for way, *_ in self.ways)

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing in it that varies."""
        return not self.names and len(self.ways[0]) == 1

    @property
    def first(self) -> bytes:
        """Its first fixed text, flags as in the first way."""
        return self.ways[0][0].text

    @property
    def last(self) -> bytes:
        """Its last fixed text, flags as in the first way."""
        return self.ways[-1][0].text


class Matched(NamedTuple):
    """What was found at some places.

    Args:
        stands: where the pattern stands; elsewhere the rest means nothing.
        ends: where it ends.
        spans: by name, starts and ends of each text.
        flags: by name, what the flag says.
    """

    stands: Any
    ends: Any
    spans: dict[str, tuple[Any, Any]]
    flags: dict[str, Any]

    def only(self, rows: Any) -> "Matched":
        """Return what was found at some of the places."""
        return Matched(
            self.stands[rows],
            self.ends[rows],
            {name: (starts[rows], ends[rows]) for name, (starts, ends) in self.spans.items()},
            {name: flag[rows] for name, flag in self.flags.items()},
        )


def match(pattern: Pattern, text: Text, at: Any, mark: Any) -> Matched:
    """Match a pattern at some places; `mark` is of each the number of the first mark after it."""
    marks, (first, *others) = text.marks(pattern.mark), pattern.ways
    if others and not len(marks):
        none = np.zeros(len(at), np.bool_)
        flags = {name: none for ways in pattern.ways for name, _ in ways[0].flags}
        return Matched(none, at, dict.fromkeys(pattern.names, (at, at)), flags)
    at, is_right, flags = _passed(text, first, at)
    passed = first[0].text.count(pattern.mark)
    spans = {}
    for name, ways in zip(pattern.names, others, strict=True):
        fixed = ways[0].text
        ends = marks.take(mark + passed, mode="clip") - fixed.index(pattern.mark)
        is_right &= ends >= at
        spans[name] = at, ends
        at, stands, found = _passed(text, ways, np.maximum(ends, 0))
        is_right &= stands
        flags |= found
        passed += fixed.count(pattern.mark)
    return Matched(is_right, at, spans, flags)


def columns(text: Text, found: Matched) -> tuple[dict[str, Any], Any]:
    """Return the texts and flags of places that all stand as columns, and which of these hold a quote."""
    held = {name: pa.array(flag) for name, flag in found.flags.items()}
    is_odd = np.zeros(len(found.stands), np.bool_)
    for name, (starts, ends) in found.spans.items():
        column = text.strings(starts, ends)
        held[name] = column
        codes = np.frombuffer(column.buffers()[2] or b"", np.uint8)
        if (codes == _QUOTE).any():
            is_odd |= [quoted is not None and '"' in quoted for quoted in column.to_pylist()]
    return held, is_odd


def _extended(ways: Ways, part: bytes | Hole) -> Ways:
    if isinstance(part, bytes):
        return tuple(Way(way.text + part, way.flags) for way in ways)
    return tuple(
        Way(way.text + text, (*way.flags, (part.name, value)))
        for value, text in ((True, b"true"), (False, b"false"))
        for way in ways
    )


def _passed(text: Text, ways: Ways, at: Any) -> tuple[Any, Any, dict[str, Any]]:
    """Return where fixed text ends that starts at some places, whether it stands there, and its flags."""
    first, *others = ways
    stands = text.stands(first.text, at)
    if not others:
        return at + len(first.text), stands, {}
    which, left = np.zeros(len(at), np.intp), np.flatnonzero(~stands)
    for number, way in enumerate(others, 1):
        found = text.stands(way.text, at[left])
        which[left[found]] = number
        left = left[~found]
    stands = np.ones(len(at), np.bool_)
    stands[left] = False
    sizes = np.array([len(way.text) for way in ways])
    flags = zip(*(way.flags for way in ways), strict=True)
    return at + sizes[which], stands, {f[0][0]: np.array([v for _, v in f])[which] for f in flags}
