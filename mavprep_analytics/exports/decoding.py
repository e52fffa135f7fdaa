"""Decodes the lines of one data file into columns of the core tables; counts every line exactly once.

Lines of a full export that look alike become columns together (`shapes`). Any other is decoded straight into
the typed struct of the kind that its sort key suggests, and the items of a block become columns. A line that fails
at any step is read again carefully, which either explains why it is invalid or accepts it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import UNSET

from mavprep_analytics.exports import careful
from mavprep_analytics.exports.batches import ItemBatch
from mavprep_analytics.exports.drift import pruned
from mavprep_analytics.exports.explaining import explain
from mavprep_analytics.exports.kinds import KINDS, Kind
from mavprep_analytics.exports.readers import Reader
from mavprep_analytics.exports.routing import Invalid, Key, guess, route
from mavprep_analytics.exports.rows import Rows, RowState
from mavprep_analytics.exports.shapes import Alike, Shapes
from mavprep_analytics.exports.texts import Text

_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_ITEMS = {kind.name: msgspec.json.Decoder(kind.item, strict=False) for kind in KINDS.values()}
Line = tuple[int, bytes]
"""A line with its number in the file, from 1."""


@dataclass(frozen=True)
class Refused:
    """A quarantined line: number from 1, kind, reason code, attribute path, hash of its keys, if due when."""

    line_number: int
    entity: str | None
    reason: str
    attribute: str | None
    keys_sha256: str | None
    due_micros: int | None


@dataclass
class Decoded:
    """What became of the lines of one data file.

    Args:
        accepted: accepted items by kind.
        refused: quarantined lines.
        unrecognised: line number and text of lines whose keys match no kind, until they are stored.
        unrecognised_count: how many were stored.
        lines: lines read.
        drift: (kind, attribute path) -> items that have this unknown attribute.
    """

    accepted: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    unrecognised: list[Line] = field(default_factory=list)
    unrecognised_count: int = 0
    drift: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: int = 0

    def quarantined(self) -> Counter[str | None]:
        """Return how many lines of each kind were quarantined."""
        return Counter(refused.entity for refused in self.refused)


@dataclass
class _Held:
    """Items of one kind, with their keys, lines and images before the change, if any; and deletions."""

    items: list[Any] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    before: list[Any] = field(default_factory=list)
    gone: list[Key] = field(default_factory=list)
    gone_lines: list[Line] = field(default_factory=list)

    def add(self, key: Key, item: Any, line: Line, before: Any = UNSET) -> None:
        """Take an item; UNSET: it was deleted."""
        if item is UNSET:
            self.gone.append(key)
            self.gone_lines.append(line)
        else:
            self.items.append(item)
            self.keys.append(key)
            self.lines.append(line)
            self.before.append(before)


class Decoder:
    """Decodes one data file, block by block.

    Args:
        table_arn: the DynamoDB table that the items come from.
        horizon_micros: later events lie in the future.
        is_change: whether the lines are changes of an incremental export.
        window_micros: from when to when changes may have been written; None: at any time.
    """

    def __init__(
        self,
        table_arn: str,
        horizon_micros: int,
        *,
        is_change: bool,
        window_micros: tuple[int, int] | None = None,
    ) -> None:
        self._is_change, self._window = is_change, window_micros
        self._readers = {kind.name: Reader(kind, is_change=is_change) for kind in KINDS.values()}
        self._rows, self._horizon = Rows(table_arn), horizon_micros
        self._shapes = Shapes()
        self.result = Decoded()

    def decode(self, text: Text) -> dict[str, pa.Table]:
        """Decode a block of lines and return its rows by core table; see `rows`."""
        starts, ends = (bounds.tolist() for bounds in text.line_bounds)
        alike, alone = ([], np.arange(len(starts))) if self._is_change else self._shapes.find(text)
        unsure = [row for found in alike for row in self._take_alike(found)]
        before = self.result.lines
        self.result.lines += len(starts)

        def numbered(rows: Sequence[int]) -> list[Line]:
            return [(before + row + 1, text.content[starts[row] : ends[row]]) for row in rows]

        by_kind: dict[str, _Held] = defaultdict(_Held)
        again = numbered(unsure)
        for kind, lines in _guessed(numbered(alone.tolist())).items():
            again += self._quickly(kind, lines, by_kind[kind]) if kind else lines
        for kind, held in by_kind.items():
            again += [line for line, _, _ in self._take(KINDS[kind], held)]
        if again:
            self._carefully(sorted(again))
        self.result.drift.update(self._rows.notes)
        self._rows.notes.clear()
        return self._rows.collect()

    def _take_alike(self, alike: Alike) -> list[int]:
        """Take the lines of a shape that are right; return the numbers of the others in their block."""
        problems = self._rows.add(alike.kind, alike.batch(self._horizon))
        self.result.accepted[alike.kind.name] += len(alike.rows) - len(problems)
        return [int(alike.rows[row]) for row in problems]

    def _quickly(self, kind: str, lines: Sequence[Line], held: _Held) -> list[Line]:
        """Decode all lines that are plainly right; return the others."""
        decode, again, before = self._readers[kind].line, [], UNSET
        for line in lines:
            try:
                record = decode(line[1])
            except _FAILURES:
                again.append(line)
                continue
            if self._is_change:
                item, keys, before = record.NewImage, record.Keys, record.OldImage
                is_odd = item is not UNSET and (item.PK, item.SK) != (keys.PK, keys.SK)
                self._check_time(kind, record.Metadata.WriteTimestampMicros.N)
            else:
                item, is_odd = record.Item, False
                keys = item
            key = route(keys.PK.S, keys.SK.S)
            if is_odd or key is None or key.kind != kind:
                again.append(line)
            else:
                held.add(key, item, line, before)
        return again

    def _check_time(self, kind: str, written_micros: int) -> None:
        if self._window and not self._window[0] <= written_micros <= self._window[1]:
            self.result.drift[kind, "Metadata.WriteTimestampMicros"] += 1

    def _take(self, kind: Kind, held: _Held) -> list[tuple[Line, Key, Invalid]]:
        """Take the items and deletions that are right; return what is wrong with the others."""
        problems = self._add(kind, held.items, held.keys)
        right = [row for row in range(len(held.items)) if row not in problems]
        bad = self._rows.add_gone(kind, held.gone)
        accepted = len(right) + len(held.gone) - len(bad)
        if accepted:
            self.result.accepted[kind.name] += accepted
        self._count(kind.name, self._readers[kind.name].unknown(held.items[row] for row in right))
        self._take_before(kind, [(held.keys[r], held.before[r]) for r in right])
        wrong = [(held.lines[r], held.keys[r], why) for r, why in problems.items()]
        return wrong + [(held.gone_lines[r], held.gone[r], Invalid("bad_key")) for r in bad]

    def _take_before(self, kind: Kind, images: Iterable[tuple[Key, Any]]) -> None:
        """Take what items were before their change, as far as it can be read."""
        keys, items = [], []
        for key, image in images:
            if image is not UNSET:
                item = self._image(kind, image)
                if item is not None and key == route(item.PK.S, item.SK.S):
                    keys.append(key)
                    items.append(item)
        self._add(kind, items, keys, RowState.BEFORE)

    def _add(
        self,
        kind: Kind,
        items: Sequence[Any],
        keys: Sequence[Key],
        state: RowState = RowState.CURRENT,
    ) -> dict[int, Invalid]:
        return self._rows.add(kind, ItemBatch(items, keys, self._horizon), state) if items else {}

    def _image(self, kind: Kind, image: msgspec.Raw) -> Any:
        try:
            return self._readers[kind.name].image(image)
        except _FAILURES:
            pass
        try:
            return _item(kind, careful.canonical(msgspec.json.decode(image)), set())
        except (Invalid, *_FAILURES):
            return None

    def _carefully(self, lines: Iterable[Line]) -> None:
        """Take or refuse every line, or set it aside as unrecognised."""
        by_kind: dict[str, _Held] = defaultdict(_Held)
        hashes: dict[Line, str | None] = {}
        for line in lines:
            record, key = None, None
            try:
                record = careful.read_record(line[1], is_change=self._is_change)
                hashes[line] = record.keys_sha256
                key = record.key()
                if key is None:
                    self.result.unrecognised.append(line)
                else:
                    by_kind[key.kind].add(key, self._accepted(key, record), line)
            except Invalid as invalid:
                self._refuse(line, key, invalid, hashes.get(line))
        for name, held in by_kind.items():
            for line, key, problem in self._take(KINDS[name], held):
                self._refuse(line, key, problem, hashes[line])

    def _accepted(self, key: Key, record: careful.Record) -> Any:
        """Return the item of a record; UNSET: a delete."""
        if record.written_micros is not None:
            self._check_time(key.kind, record.written_micros)
        image = record.canonical_image()
        if image is None:
            return UNSET
        unknown: set[str] = set()
        item = _item(KINDS[key.kind], image, unknown)
        self._readers[key.kind].learn(sorted(unknown))
        self._count(key.kind, Counter(unknown))
        return item

    def _count(self, kind: str, unknown: Counter[str]) -> None:
        for path, occurrences in unknown.items():
            self.result.drift[kind, path] += occurrences

    def _refuse(
        self, line: Line, key: Key | None, invalid: Invalid, keys_sha256: str | None
    ) -> None:
        entity = None if key is None else key.kind
        refused = (entity, invalid.reason, invalid.attribute, keys_sha256, invalid.due_micros)
        self.result.refused.append(Refused(line[0], *refused))
        if key is not None and self._is_change:
            self._rows.add_gone(KINDS[key.kind], [key])


def _guessed(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Group lines by the kind that each seems to be; "": none."""
    by_kind: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_kind[guess(line[1])].append(line)
    return by_kind


def _item(kind: Kind, image: dict[str, Any], unknown: set[str]) -> Any:
    """Return the item of an image in normal form; the attributes that its kind does not know are added."""
    try:
        return _ITEMS[kind.name].decode(msgspec.json.encode(pruned(image, kind.item, unknown)))
    except _FAILURES as error:
        raise explain(error) from None
