"""Decodes the lines of one data file into rows of the core tables; counts every line exactly once.

A line is decoded straight into the typed struct of the kind that its sort key suggests. If that fails for
whatever reason, the line is read again carefully, which either explains why it is invalid or accepts it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports import careful
from mavprep_analytics.exports.attributes import Count, Ignored, Text
from mavprep_analytics.exports.columns import column
from mavprep_analytics.exports.drift import pruned
from mavprep_analytics.exports.explaining import explain
from mavprep_analytics.exports.kinds import KINDS, Kind
from mavprep_analytics.exports.kinds.base import Horizon
from mavprep_analytics.exports.routing import Invalid, Key, guess, route

_MOST_LEARNED = 50
_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Invalid)


class Keys(Struct, forbid_unknown_fields=True):
    """The keys of a change."""

    PK: Text
    SK: Text


class Metadata(Struct, forbid_unknown_fields=True):
    """When DynamoDB made the change."""

    WriteTimestampMicros: Count


def _full(item: Any) -> Any:
    return msgspec.defstruct("Full", [("Item", item)], forbid_unknown_fields=True)


def _change(item: Any) -> Any:
    return msgspec.defstruct(
        "Change",
        [
            ("Metadata", Metadata),
            ("Keys", Keys),
            ("NewImage", item | UnsetType, UNSET),
            ("OldImage", msgspec.Raw | UnsetType, UNSET),
        ],
        forbid_unknown_fields=True,
    )


@lru_cache
def _strict_decoder(kind: str, record: Callable[[Any], Any]) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(record(KINDS[kind].item), strict=False).decode


class _Reader:
    """Decodes the lines of one kind; attributes that it has learned to be unknown do not slow it down."""

    def __init__(self, kind: Kind, record: Callable[[Any], Any]) -> None:
        self._kind, self._record = kind, record
        self.learned: list[str] = []
        self.decode = _strict_decoder(kind.name, record)

    def _decoder(self) -> Callable[[bytes], Any]:
        fields: list[Any] = [
            (f"unknown_{number}", Ignored, msgspec.field(name=name, default=UNSET))
            for number, name in enumerate(self.learned)
        ]
        bases = (self._kind.item,)
        item = msgspec.defstruct("Drifted", fields, bases=bases, forbid_unknown_fields=True)
        return msgspec.json.Decoder(self._record(item), strict=False).decode

    def learn(self, paths: Iterable[str]) -> None:
        """Expect these attributes from now on, as far as they are the item's own."""
        new = [path for path in paths if "." not in path and path not in self.learned]
        if new and len(self.learned) + len(new) <= _MOST_LEARNED:
            self.learned += new
            self.decode = self._decoder()

    def unknown(self, item: Any) -> list[str]:
        """Return the learned attributes that an item has."""
        return [
            name
            for number, name in enumerate(self.learned)
            if getattr(item, f"unknown_{number}") is not UNSET
        ]


_ITEMS = {kind.name: msgspec.json.Decoder(kind.item, strict=False) for kind in KINDS.values()}


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
    unrecognised: list[tuple[int, bytes]] = field(default_factory=list)
    unrecognised_count: int = 0
    drift: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: int = 0

    def quarantined(self) -> Counter[str | None]:
        """Return how many lines of each kind were quarantined."""
        return Counter(refused.entity for refused in self.refused)


class Decoder:
    """Decodes one data file, block by block.

    Args:
        table_arn: the DynamoDB table that the items come from.
        is_change: whether the lines are changes of an incremental export.
        horizon: what counts as future.
    """

    def __init__(self, table_arn: str, horizon: Horizon, *, is_change: bool) -> None:
        self._table_arn, self._horizon, self._is_change = table_arn, horizon, is_change
        record = _change if is_change else _full
        self._readers = {kind.name: _Reader(kind, record) for kind in KINDS.values()}
        self._rows: dict[str, list[tuple[Key, tuple[Any, ...]]]] = defaultdict(list)
        self._gone: dict[str, list[Key]] = defaultdict(list)
        self.result = Decoded()

    def decode(self, lines: Iterable[bytes]) -> dict[str, pa.Table]:
        """Decode a block of lines and return its rows and deletions by core table."""
        for line in lines:
            self.result.lines += 1
            kind = guess(line)
            if kind is None or not self._quickly(line, kind):
                self._carefully(line)
        rows, gone = self._rows, self._gone
        self._rows, self._gone = defaultdict(list), defaultdict(list)
        names = sorted({*rows, *gone})
        return {
            table: batch
            for name in names
            for table, batch in _batches(KINDS[name], rows[name], gone[name], self._table_arn)
        }

    def _quickly(self, line: bytes, kind: str) -> bool:
        try:
            reader = self._readers[kind]
            record = reader.decode(line)
            item = record.NewImage if self._is_change else record.Item
            keys = record.Keys if self._is_change else item
            key = route(keys.PK.S, keys.SK.S)
            if key is None or key.kind != kind:
                return False
            if item is UNSET:
                self._gone[kind].append(key)
            elif item.PK.S != keys.PK.S or item.SK.S != keys.SK.S:
                return False
            else:
                self._rows[kind].append((key, KINDS[kind].rows(item, key, self._horizon)))
                if reader.learned:
                    self._count_drift(kind, reader.unknown(item))
        except _FAILURES:
            return False
        self.result.accepted[kind] += 1
        return True

    def _carefully(self, line: bytes) -> None:
        record, key = None, None
        try:
            record = careful.read_record(line, is_change=self._is_change)
            key = record.key()
            if key is None:
                self.result.unrecognised.append((self.result.lines, line))
                return
            image = record.canonical_image()
            if image is None:
                self._gone[key.kind].append(key)
            else:
                self._accept(key, image)
            self.result.accepted[key.kind] += 1
        except Invalid as invalid:
            self._refuse(invalid, record, key)

    def _accept(self, key: Key, image: dict[str, Any]) -> None:
        kind, unknown = KINDS[key.kind], set[str]()
        known = pruned(image, kind.item, unknown)
        try:
            item = _ITEMS[key.kind].decode(msgspec.json.encode(known))
            self._rows[key.kind].append((key, kind.rows(item, key, self._horizon)))
        except _FAILURES as error:
            raise explain(error) from None
        self._readers[key.kind].learn(sorted(unknown))
        self._count_drift(key.kind, unknown)

    def _count_drift(self, kind: str, paths: Iterable[str]) -> None:
        for path in paths:
            self.result.drift[kind, path] += 1

    def _refuse(self, invalid: Invalid, record: careful.Record | None, key: Key | None) -> None:
        if key is not None and self._is_change:
            self._gone[key.kind].append(key)
        self.result.refused.append(
            Refused(
                self.result.lines,
                key.kind if key is not None else None,
                invalid.reason,
                invalid.attribute,
                record.keys_sha256 if record is not None else None,
                invalid.due_micros,
            )
        )


def sort_key(key: Key, table_arn: str) -> str:
    """Return the text that orders items within a table: bucket, key columns, DynamoDB table."""
    return "\0".join((key.bucket, *key.parts, table_arn))


def _batches(
    kind: Kind, rows: list[tuple[Key, tuple[Any, ...]]], gone: list[Key], table_arn: str
) -> Iterable[tuple[str, pa.Table]]:
    keys = [key for key, _ in rows] + gone
    order = pa.array([sort_key(key, table_arn) for key in keys], pa.string())
    buckets = pa.array([key.bucket for key in keys], pa.string())
    is_gone = pa.array([False] * len(rows) + [True] * len(gone), pa.bool_())
    arns = pa.array([table_arn] * len(keys), pa.string())
    for place, table in enumerate(kind.tables):
        fields = list(table.arrow_schema)[:-1]
        width = len(fields)
        values = list(zip(*(all_rows[place] for _, all_rows in rows), strict=True)) or [()] * width
        arrays = [
            _padded(_column(kind, f, held), len(gone))
            for f, held in zip(fields, values, strict=True)
        ]
        names = [f.name for f in table.arrow_schema] + ["_key", "_bucket", "_gone"]
        yield table.name, pa.table([*arrays, arns, order, buckets, is_gone], names=names)


def _column(kind: Kind, described: "pa.Field[Any]", held: Sequence[Any]) -> Any:
    build: Callable[..., Any] | None = kind.builders.get(described.name)
    return (build or column)(described.type, held)


def _padded(array: "pa.Array[Any]", nulls: int) -> "pa.Array[Any]":
    return pa.concat_arrays([array, pa.nulls(nulls, array.type)]) if nulls else array
