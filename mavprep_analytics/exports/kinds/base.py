"""What all item kinds share: the keys, the context of a decode, and the checks of ids and times."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports.attributes import OptionalText, Text, value
from mavprep_analytics.exports.routing import Invalid, day, timestamp
from mavprep_analytics.periods import MICROS_PER_DAY, MICROS_PER_SECOND, day_number

EASTERNMOST_MICROS = 14 * 3600 * MICROS_PER_SECOND
"""How far the easternmost time zone (Line Islands) is ahead of UTC."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Horizon:
    """What lies in the future at an as-of date: event times later than `micros`."""

    micros: int

    def check(self, at_micros: int | None, attribute: str) -> None:
        """Raise Invalid("future") for an event after the horizon."""
        if at_micros is not None and at_micros > self.micros:
            raise Invalid("future", attribute, at_micros)

    def check_date(self, on: date, attribute: str) -> None:
        """Raise Invalid("future") for a local date that has begun nowhere on Earth by the horizon."""
        due = day_number(on) * MICROS_PER_DAY - EASTERNMOST_MICROS
        if due > self.micros:
            raise Invalid("future", attribute, due)


class Item(Struct, forbid_unknown_fields=True, rename="camel"):
    """The keys that every item has."""

    PK: Text
    SK: Text


def require_id(attribute: Text | UnsetType, expected: str, name: str) -> None:
    """Raise Invalid("key_mismatch") when an id attribute contradicts its key."""
    if attribute is not UNSET and expected != attribute.S:
        raise Invalid("key_mismatch", name)


def optional_text(attribute: OptionalText | UnsetType, name: str) -> str | None:
    """Return the text; None: absent or NULL."""
    if attribute is UNSET:
        return None
    try:
        return value(attribute)
    except ValueError:
        raise Invalid("wrong_type", name) from None


def optional_timestamp(attribute: OptionalText | UnsetType, name: str) -> int | None:
    """Return microseconds since 1970 UTC; None: absent or NULL."""
    text = optional_text(attribute, name)
    return None if text is None else timestamp(text, name)


def optional_day(attribute: OptionalText | UnsetType, name: str) -> date | None:
    """Return the date; None: absent or NULL."""
    text = optional_text(attribute, name)
    return None if text is None else day(text, name)
