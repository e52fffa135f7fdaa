"""What all item kinds share: their keys, and the reading of texts and dates inside nested rows."""

from datetime import date

from msgspec import Struct

from mavprep_analytics.exports.attributes import OptionalText, Text, value
from mavprep_analytics.exports.routing import Invalid
from mavprep_analytics.exports.times import day


class Item(Struct, forbid_unknown_fields=True, rename="camel"):
    """The keys that every item has."""

    PK: Text
    SK: Text


def optional_text(attribute: OptionalText, name: str) -> str | None:
    """Return the text; None: absent or NULL."""
    try:
        return value(attribute, "S")
    except ValueError:
        raise Invalid("wrong_type", name) from None


def required_day(attribute: Text, name: str) -> date:
    """Return the date."""
    try:
        return day(attribute.S)
    except ValueError:
        raise Invalid("bad_timestamp", name) from None


def optional_day(attribute: OptionalText, name: str) -> date | None:
    """Return the date; None: absent or NULL."""
    text = optional_text(attribute, name)
    return None if text is None else required_day(Text(text), name)
