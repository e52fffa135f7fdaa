"""Which kind of item a pair of keys names, and what the keys say: ids and a timestamp or date. No I/O.

An item belongs to a kind by its keys alone, whichever table it came from.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mavprep_analytics.exports.times import days, timestamps

_SINGLE = {"PROFILE": "profile", "SETTINGS": "settings", "REPUTATION": "reputation"}
_TIMED = ("attempt", "daily_activity", "post", "comment")
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


class Key(NamedTuple):
    """What an item's keys say; whether it is right, `Placed` knows.

    Args:
        kind: the item kind.
        parts: the values of its table's key columns, as text.
        at: the key's timestamp or date; "": the kind has none.
    """

    kind: str
    parts: tuple[str, ...]
    at: str = ""


class Placed(NamedTuple):
    """What the keys of many items of one kind say.

    Args:
        parts: a column of each part.
        buckets: a column of the parts of the table that items are stored in: UTC months of the keys, or "".
        at: a column of the keys' timestamps in microseconds, or of their dates; null: none.
        is_bad: which keys lack an id or hold a malformed timestamp or date.
    """

    parts: list[Any]
    buckets: Any
    at: Any
    is_bad: Any

    @classmethod
    def of(cls, keys: Sequence[Key]) -> "Placed":
        """Place at least one key."""
        parts = [pa.array(part, pa.string()) for part in zip(*(k.parts for k in keys), strict=True)]
        kind = keys[0].kind
        at = pa.array([key.at for key in keys], pa.string()) if kind in _TIMED else None
        return cls._placed(kind, parts, at)

    @classmethod
    def alike(cls, kind: str, owners: Any, rests: Any) -> "Placed":
        """Place at least one key of a kind of user's items: ids of the users, and sort keys after their first #."""
        if kind != "attempt":
            return cls._placed(kind, [owners, rests], rests if kind in _TIMED else None)
        parts = pc.split_pattern(rests, "#", max_splits=1, reverse=True)
        has_both = pc.equal(pc.list_value_length(parts), pa.scalar(2))
        parts = pc.if_else(has_both, parts, pa.scalar(["", ""], parts.type))
        tests, at = (pc.list_element(parts, place) for place in range(2))
        return cls._placed(kind, [owners, tests, at], at)

    @classmethod
    def _placed(cls, kind: str, parts: list[Any], at: Any) -> "Placed":
        is_bad = np.zeros(len(parts[0]), np.bool_)
        for part in parts:
            is_bad |= _is_no_id(part)
        if at is None:
            buckets = pa.repeat("", len(is_bad))
            return cls(parts, buckets, pa.nulls(len(is_bad), pa.int64()), is_bad)
        months: Any = pc.binary_slice(at.view(pa.binary()), 0, 7).view(pa.string())
        if kind == "daily_activity":
            dates, is_odd = days(at)
            return cls(parts, months, dates, is_bad | is_odd)
        instants, is_odd = timestamps(at)
        is_utc = pc.ends_with(at, "Z")
        if pc.all(is_utc).as_py() is not True:
            other = pc.strftime(instants.cast(pa.timestamp("us", "UTC")), "%Y-%m")
            months = pc.if_else(is_utc, months, other)
        return cls(parts, months, instants, is_bad | is_odd)


def _is_no_id(part: Any) -> Any:
    is_empty: Any = pc.equal(part, pa.scalar(""))
    return pc.or_(is_empty, pc.match_substring(part, "\0")).to_numpy(zero_copy_only=False)


def guess(text: bytes, start: int = 0, end: int | None = None) -> str:
    """Guess the kind of a line from the first thing in it that looks like its sort key, for speed only.

    Args:
        text: holds the line.
        start: where it starts.
        end: where it ends; None: with the text.

    Returns:
        "": no kind.
    """
    key = text.find(b'"SK":{"S":"', start, end)
    return _GUESSES.get(text[key + 11 : key + 15], "") if key >= 0 else ""


def route(pk: str, sk: str) -> Key | None:
    """Return what the keys say; None: they match no kind."""
    owner, is_split, owner_id = pk.partition("#")
    if owner == "USER" and is_split:
        return _of_user(owner_id, sk)
    name, is_split, rest = sk.partition("#")
    if not is_split:
        return None
    at, _, item_id = rest.partition("#")
    if owner in ("COMMUNITY", "TOPIC") and name == "POST":
        return Key("post", (owner, owner_id, at, item_id), at)
    if owner == "POST" and name == "COMMENT":
        return Key("comment", (owner_id, at, item_id), at)
    return None


def _of_user(user_id: str, sk: str) -> Key | None:
    if sk in _SINGLE:
        return Key(_SINGLE[sk], (user_id,))
    name, is_split, rest = sk.partition("#")
    if not is_split:
        return None
    if name == "PROGRESS":
        test_id, _, at = rest.rpartition("#")
        return Key("attempt", (user_id, test_id, at), at)
    if name == "DAILY":
        return Key("daily_activity", (user_id, rest), rest)
    return Key(_OF_USER[name], (user_id, rest)) if name in _OF_USER else None


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
