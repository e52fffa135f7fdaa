"""Which kind of item a pair of keys names, and what the keys say: ids, timestamp, bucket. No I/O.

An item belongs to a kind by its keys alone, whichever table it came from.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SINGLE = {"PROFILE": "profile", "SETTINGS": "settings", "REPUTATION": "reputation"}
_OF_USER = {"FLASHCARD": "flashcard", "DECK": "deck", "PLAN": "study_plan"}


class Invalid(Exception):  # noqa: N818 - a verdict on one item, caught per line
    """An item must be quarantined.

    Args:
        reason: the reason code.
        attribute: path of the offending attribute; None: the line or its keys.
        due_micros: of a future item, the horizon at which it stops to be one.
    """

    def __init__(
        self, reason: str, attribute: str | None = None, due_micros: int | None = None
    ) -> None:
        self.reason = reason
        self.attribute = attribute
        self.due_micros = due_micros
        super().__init__(reason, attribute)


@dataclass(frozen=True, slots=True)
class Key:
    """What an item's keys say.

    Args:
        kind: the item kind.
        parts: the values of its table's key columns, as text.
        bucket: the part of the table that the item is stored in: the UTC month of the key, or "".
        at_micros: the key's timestamp; None: it has none.
    """

    kind: str
    parts: tuple[str, ...]
    bucket: str = ""
    at_micros: int | None = None


def timestamp(text: str, attribute: str | None) -> int:
    """Return an ISO 8601 timestamp as microseconds since 1970 UTC; without offset it means UTC.

    Raises:
        Invalid: bad_timestamp.
    """
    if _TIMESTAMP.fullmatch(text) is None:
        raise Invalid("bad_timestamp", attribute)
    try:
        instant = datetime.fromisoformat(text)
        since = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    except (ValueError, OverflowError):
        raise Invalid("bad_timestamp", attribute) from None


def day(text: str, attribute: str | None) -> date:
    """Return an ISO date; of a timestamp its UTC date.

    Raises:
        Invalid: bad_timestamp.
    """
    if _DATE.fullmatch(text) is None:
        return datetime.fromtimestamp(timestamp(text, attribute) / 1_000_000, UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("bad_timestamp", attribute) from None


def guess(line: bytes) -> str | None:
    """Guess the kind of a line from the first thing in it that looks like its sort key, for speed only."""
    start = line.find(b'"SK":{"S":"')
    if start < 0:
        return None
    return _GUESSES.get(line[start + 11 : start + 15])


def route(pk: str, sk: str) -> Key | None:
    """Return what the keys say; None: they match no kind.

    Raises:
        Invalid: bad_key: they name a kind but lack an id or hold a malformed timestamp or date.
    """
    owner, is_split, owner_id = pk.partition("#")
    name, is_split_too, rest = sk.partition("#")
    if owner == "USER" and is_split:
        return _of_user(owner_id, sk, name, rest)
    if not is_split_too:
        return None
    at, _, item_id = rest.partition("#")
    if owner in ("COMMUNITY", "TOPIC") and name == "POST":
        return _at(Key("post", (owner, owner_id, at, item_id)), at)
    if owner == "POST" and name == "COMMENT":
        return _at(Key("comment", (owner_id, at, item_id)), at)
    return None


def _of_user(user_id: str, sk: str, name: str, rest: str) -> Key | None:
    if sk in _SINGLE:
        return _checked(Key(_SINGLE[sk], (user_id,)))
    if name == sk:
        return None
    if name in _OF_USER:
        return _checked(Key(_OF_USER[name], (user_id, rest)))
    if name == "PROGRESS":
        test_id, _, at = rest.rpartition("#")
        return _at(Key("attempt", (user_id, test_id, at)), at)
    return _daily(user_id, rest) if name == "DAILY" else None


def _checked(key: Key) -> Key:
    if not all(key.parts) or "\0" in "".join(key.parts):
        raise Invalid("bad_key")
    return key


def _at(key: Key, at: str) -> Key:
    try:
        at_micros = timestamp(at, None)
    except Invalid:
        raise Invalid("bad_key") from None
    month = at[:7] if at.endswith("Z") else _month(at_micros)
    return _checked(Key(key.kind, key.parts, month, at_micros))


def _daily(user_id: str, text: str) -> Key:
    try:
        on = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        on = None
    if on is None:
        raise Invalid("bad_key")
    return _checked(Key("daily_activity", (user_id, text), text[:7]))


def _month(at_micros: int) -> str:
    at = datetime.fromtimestamp(at_micros // 1_000_000, UTC)
    return f"{at.year:04d}-{at.month:02d}"


_GUESSES = {
    b"PROF": "profile",
    b"SETT": "settings",
    b"REPU": "reputation",
    b"PROG": "attempt",
    b"DAIL": "daily_activity",
    b"FLAS": "flashcard",
    b"DECK": "deck",
    b"PLAN": "study_plan",
    b"POST": "post",
    b"COMM": "comment",
}
