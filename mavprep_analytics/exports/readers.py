"""Typed decoders of export lines: one per kind and form of line, that learns which attributes are unknown."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports.attributes import Count, Ignored, Text
from mavprep_analytics.exports.kinds import KINDS, Kind

_MOST_LEARNED = 50
_PLAIN = re.compile(r'[^"\\\x00-\x1f]+')


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


def _image(item: Any) -> Any:
    return item


@lru_cache
def _strict(kind: str, form: Callable[[Any], Any]) -> Callable[[bytes | msgspec.Raw], Any]:
    return msgspec.json.Decoder(form(KINDS[kind].item), strict=False).decode


class Reader:
    """Decodes the lines of one kind; attributes that it has learned to be unknown do not slow it down.

    Args:
        kind: the kind.
        is_change: whether the lines are changes.

    Attributes:
        line: decodes a line.
        image: decodes an item alone.
    """

    def __init__(self, kind: Kind, *, is_change: bool) -> None:
        self._kind, self._form = kind, _change if is_change else _full
        self._learned: list[str] = []
        self.line, self.image = _strict(kind.name, self._form), _strict(kind.name, _image)

    def learn(self, paths: Iterable[str]) -> None:
        """Expect these attributes from now on, as far as they are the item's own and have plain names."""
        plain = [path for path in paths if "." not in path and _PLAIN.fullmatch(path)]
        new = [path for path in plain if path not in self._learned]
        if new and len(self._learned) + len(new) <= _MOST_LEARNED:
            self._learned += new
            item = self._tolerant()
            self.line = msgspec.json.Decoder(self._form(item), strict=False).decode
            self.image = msgspec.json.Decoder(item, strict=False).decode

    def _tolerant(self) -> Any:
        fields: list[Any] = [
            (_field(number), Ignored, msgspec.field(name=name, default=UNSET))
            for number, name in enumerate(self._learned)
        ]
        bases = (self._kind.item,)
        return msgspec.defstruct("Drifted", fields, bases=bases, forbid_unknown_fields=True)

    def unknown(self, items: Iterable[Any]) -> Counter[str]:
        """Return how many items have each of the learned attributes."""
        fields = [(_field(number), name) for number, name in enumerate(self._learned)]
        return Counter(
            name
            for item in items
            for field, name in fields
            if getattr(item, field, UNSET) is not UNSET
        )


def _field(number: int) -> str:
    return f"unknown_{number}"
