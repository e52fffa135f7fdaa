"""Reads query and path parameters: each is checked here, and whatever is malformed is refused with 400."""

import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from mavprep_analytics.dashboard.faults import BadParameter

_LONGEST = 200
_GREATEST = 2**31 - 1


def text(query: Mapping[str, str], name: str) -> str | None:
    """Return a trimmed text; None if absent or empty.

    Raises:
        BadParameter: it is longer than 200 characters or holds control characters.
    """
    value = query.get(name, "").strip()
    if len(value) > _LONGEST or any(unicodedata.category(c) in {"Cc", "Cs"} for c in value):
        raise BadParameter(f"The parameter {name} holds too much, or characters that no text has.")
    return value or None


def choice(query: Mapping[str, str], name: str, allowed: Collection[str]) -> str | None:
    """Return one of the allowed values; None if absent.

    Raises:
        BadParameter: it is something else.
    """
    value = text(query, name)
    if value is not None and value not in allowed:
        raise BadParameter(f"The parameter {name} must be one of: {', '.join(allowed)}.")
    return value


def identifier(query: Mapping[str, str], name: str) -> str | None:
    """Return a uuid in its usual lower-case form; None if absent.

    Raises:
        BadParameter: it is no uuid.
    """
    value = text(query, name)
    return None if value is None else as_identifier(value, name)


def as_identifier(value: str, name: str) -> str:
    """Return a uuid in its usual lower-case form.

    Raises:
        BadParameter: it is no uuid.
    """
    try:
        return str(UUID(value))
    except ValueError:
        raise BadParameter(f"{name} must be an id like those in the lists.") from None


def place(query: Mapping[str, str], name: str) -> int | None:
    """Return a rank from 1 up; None if absent.

    Raises:
        BadParameter: it is no whole number, below 1 or above any possible rank.
    """
    value = text(query, name)
    return None if value is None else as_number(value, name, lowest=1)


def as_number(value: str, name: str, *, lowest: int = 0) -> int:
    """Return a whole number of plain digits.

    Raises:
        BadParameter: it is none, or out of range.
    """
    digits = value if value.isascii() and value.isdigit() and len(value) <= 10 else ""
    if not digits or not lowest <= int(digits) <= _GREATEST:
        raise BadParameter(f"The parameter {name} must be a whole number from {lowest} up.")
    return int(digits)


def week(value: str, name: str = "week") -> date:
    """Return a week's Monday, given as YYYY-MM-DD.

    Raises:
        BadParameter: it is no date, or no Monday.
    """
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise BadParameter(f"The parameter {name} must be a date like 2026-11-16.") from None
    if day.weekday() != 0:
        raise BadParameter(f"The parameter {name} must be a Monday.")
    return day
