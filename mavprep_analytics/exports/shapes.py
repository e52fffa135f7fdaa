"""Lines that look alike, read together: the text of an item once, and what varies in it by the column. No I/O.

Programs write items of a kind in few shapes: the same attributes in the same order. A shape is learnt from a
line, and all lines of a block that have it are taken apart at once. A line that has no shape is read alone; both
ways give the same columns, and what a shape's column cannot say for sure, the careful way decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import NODEFAULT

from mavprep_analytics.exports import attributes
from mavprep_analytics.exports.alike import AlikeBatch
from mavprep_analytics.exports.kinds import KINDS, Kind
from mavprep_analytics.exports.patterns import Hole, Matched, Pattern, columns, match
from mavprep_analytics.exports.routing import Placed, guess, route
from mavprep_analytics.exports.texts import Spans, Text

_MARK = b"}"
_FEWEST = 16
"""So few lines are read sooner one by one."""
_MOST_SHAPES = 16
_MOST_TRIES = 8
_REGULAR = [kind.name for kind in KINDS.values() if kind.is_regular]
_TAGS = {
    attributes.Text: ("S",),
    attributes.OptionalText: ("S", "NULL"),
    attributes.Count: ("N",),
    attributes.Exact: ("N",),
    attributes.OptionalExact: ("N", "NULL"),
    attributes.Seconds: ("N",),
    attributes.Flag: ("BOOL",),
}
"""Attributes that are columns; others are kept as text."""


class Alike(NamedTuple):
    """Lines of one shape.

    Args:
        kind: what they are.
        rows: which of the block's lines.
        columns: by attribute, its texts or flags; of keys, what follows the first #.
        raws: by attribute, its JSON text.
    """

    kind: Kind
    rows: Any
    columns: dict[str, Any]
    raws: dict[str, Spans]

    def batch(self, horizon_micros: int) -> AlikeBatch:
        """Return them as a batch; events later than the horizon lie in the future."""
        placed = Placed.alike(self.kind.name, self.columns["PK"], self.columns["SK"])
        return AlikeBatch(self.kind.item, placed, self.columns, self.raws, horizon_micros)


@dataclass(frozen=True)
class Shape:
    """How lines of a kind look: patterns, with the JSON text of other attributes between them.

    Args:
        kind: what the lines are.
        patterns: one more than there are such attributes.
        raws: these attributes.
        following: the text by which the end of each is found.
    """

    kind: Kind
    patterns: tuple[Pattern, ...]
    raws: tuple[str, ...]
    following: tuple[bytes, ...]

    @classmethod
    def of(cls, line: bytes) -> "Shape | None":
        """Return the shape of a line of a full export; None: it has none that could be used."""
        try:
            item = msgspec.json.decode(line)["Item"]
            key = route(item["PK"]["S"], item["SK"]["S"])
            kind = KINDS[key.kind] if key else None
            return None if kind is None or not kind.is_regular else _shape(kind, item)
        except (msgspec.MsgspecError, UnicodeDecodeError, LookupError, TypeError, ValueError):
            return None

    def find(self, text: Text, rows: Any) -> Alike:
        """Return which of these lines have this shape, and what they hold."""
        starts, limits = (bounds[rows] for bounds in text.line_bounds)
        found = _Found(rows, starts, limits)
        for place, pattern in enumerate(self.patterns):
            mark = np.searchsorted(text.marks(_MARK), found.at)
            matched = match(pattern, text, found.at, mark)
            found.held.append(matched)
            found.at = matched.ends
            found.keep(matched.stands)
            if place < len(self.raws):
                ends = self._raw_ends(place + 1, text, found.at, found.limits)
                found.spans.append((found.at, ends))
                is_there, found.at = ends >= found.at, ends
                found.keep(is_there)
        found.keep(found.at == found.limits)
        return self._alike(text, found.rows, found.held, found.spans)

    def _raw_ends(self, place: int, text: Text, at: Any, limits: Any) -> Any:
        """Return where JSON text ends that starts at some places of lines; -1: it does not end."""
        if place == len(self.raws) and self.patterns[place].is_fixed:
            return limits - len(self.patterns[place].first)
        fixed = self.following[place - 1]
        find, bounds = text.content.find, (at.tolist(), limits.tolist())
        return np.array(
            [find(fixed, start, end) for start, end in zip(*bounds, strict=True)], np.int64
        )

    def _alike(self, text: Text, rows: Any, held: Sequence[Any], spans: Sequence[Any]) -> Alike:
        found: dict[str, Any] = {}
        is_odd = np.zeros(len(rows), np.bool_)
        for matched in held:
            more, odd = columns(text, matched)
            found |= more
            is_odd |= odd
        numbers = np.arange(len(rows))
        raws = {
            name: Spans(text, numbers, starts, ends, len(rows))
            for name, (starts, ends) in zip(self.raws, spans, strict=True)
        }
        return (
            Alike(self.kind, rows, found, raws)
            if not is_odd.any()
            else self.find(text, rows[~is_odd])
        )


@dataclass
class _Found:
    """Lines on their way through a shape: where each is, where it ends, and what was passed."""

    rows: Any
    at: Any
    limits: Any
    held: list[Matched] = field(default_factory=list)
    spans: list[tuple[Any, Any]] = field(default_factory=list)

    def keep(self, is_right: Any) -> None:
        if not is_right.all():
            self.rows, self.at, self.limits = (
                each[is_right] for each in (self.rows, self.at, self.limits)
            )
            self.held = [matched.only(is_right) for matched in self.held]
            self.spans = [(start[is_right], end[is_right]) for start, end in self.spans]


class Shapes:
    """The shapes met so far, by kind, the newest last."""

    def __init__(self) -> None:
        self._known: dict[str, list[Shape]] = {name: [] for name in _REGULAR}

    def find(self, text: Text) -> tuple[list[Alike], Any]:
        """Return the lines that have a shape, and the numbers of the others, from 0."""
        starts, ends = text.line_bounds
        by_kind: dict[str, list[int]] = {name: [] for name in _REGULAR}
        for row in np.flatnonzero(text.plain(starts, ends)).tolist():
            by_kind.get(guess(text.content, starts[row], ends[row]), []).append(row)
        found: list[Alike] = []
        for kind, rows in by_kind.items():
            found += self._of_kind(kind, text, np.array(rows, np.int64))
        is_alone = np.ones(len(starts), np.bool_)
        for alike in found:
            is_alone[alike.rows] = False
        return found, np.flatnonzero(is_alone)

    def _of_kind(self, kind: str, text: Text, left: Any) -> Iterator[Alike]:
        """Yield lines that are alike, as long as there are enough; first by known shapes, then by new ones."""
        known, (starts, ends) = self._known[kind], text.line_bounds
        for shape in [*known, *[None] * _MOST_TRIES]:
            if len(left) < _FEWEST:
                return
            tried = shape or Shape.of(text.content[starts[left[0]] : ends[left[0]]])
            alike = None if tried is None else tried.find(text, left)
            if tried is not None and alike is not None and len(alike.rows) >= _FEWEST:
                if shape is None:
                    self._known[kind] = known = [*known, tried][-_MOST_SHAPES:]
                left = np.setdiff1d(left, alike.rows, assume_unique=True)
                yield alike
            elif shape is None:
                left = left[1:]


def _shape(kind: Kind, item: dict[str, Any]) -> Shape | None:
    fields = {f.encode_name: f for f in msgspec.structs.fields(kind.item)}
    if any(f.default is NODEFAULT and name not in item for name, f in fields.items()):
        return None
    patterns: list[Pattern] = []
    raws: list[str] = []
    openings: list[bytes] = []
    parts: list[bytes | Hole] = [b'{"Item":{']
    for name, value in item.items():
        ((tag, content),) = value.items()
        known = fields[name]
        parts.append(f'{"" if name == next(iter(item)) else ","}"{name}":'.encode())
        if known.type not in _TAGS:
            patterns.append(Pattern.of(parts))
            raws.append(known.name)
            openings.append(
                f'{{"{tag}":{"[" if tag == "L" else "{"}'.encode() if tag in ("L", "M") else b""
            )
            parts = []
        elif tag not in _TAGS[known.type]:
            return None
        else:
            parts += _attribute(known.name, tag, content)
    patterns.append(Pattern.of([*parts, b"}}"]))
    after = zip(patterns[1:], [*openings, b""][1:], strict=True)
    following = tuple(p.first + opening if p.is_fixed else p.first for p, opening in after)
    return Shape(kind, tuple(patterns), tuple(raws), following)


def _attribute(name: str, tag: str, content: Any) -> list[bytes | Hole]:
    if tag == "NULL":
        return [b'{"NULL":true}']
    if tag == "BOOL":
        return [b'{"BOOL":', Hole(name, is_flag=True), b"}"]
    prefix = "".join(content.partition("#")[:2]) if name in ("PK", "SK") else ""
    return [f'{{"{tag}":"{prefix}'.encode(), Hole(name), b'"}']
