"""Published mastery beside that of the slow oracle, reading by reading."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mastery_oracle import Node, Oracle, Reading, Row, level

CLOSE = 0.000_051
"""Half of the last published place, and what whole-number weights may add."""
_TABLES = (
    ("topic_mastery", "topic", "topic_id"),
    ("subject_mastery", "subject", "subject_id"),
    ("difficulty_mastery", "band", "difficulty"),
)


def mastery_differences(
    published: Mapping[str, list[Row]], oracle: Oracle, reading_day: int
) -> list[str]:
    """Return what differs in the three tables of mastery; none may lack a row or have one too many."""
    now, before = oracle.readings(reading_day), oracle.readings(reading_day - 7)
    rows: dict[tuple[str, Node], Row] = {
        (row["user_id"], (kind, row[column])): row
        for table, kind, column in _TABLES
        for row in published[table]
    }
    wanted = {key: reading for key, reading in now.items() if key[1][0] != "root"}
    found = [f"{key}: missing" for key in wanted.keys() - rows.keys()]
    found += [f"{key}: not wanted" for key in rows.keys() - wanted.keys()]
    for key in rows.keys() & wanted.keys():
        problems = _problems(rows[key], wanted[key], before.get(key))
        found += [f"{key}: {problem}" for problem in problems]
    return found


def _problems(row: Row, want: Reading, past: Reading | None) -> Iterator[str]:
    exact = {
        "answers": want.answers,
        "level": level(row["mastery"], row["mastery_low"], row["mastery_high"]),
        "last_answered_on": date.fromordinal(date(1970, 1, 1).toordinal() + want.last_day),
    }
    yield from (f"{n} {row[n]} instead of {v}" for n, v in exact.items() if row[n] != v)
    shares = {
        "mastery": want.mastery,
        "mastery_low": want.low,
        "mastery_high": want.high,
        "previous_mastery": None if past is None else past.mastery,
    }
    for name, value in shares.items():
        have = row[name]
        if not _close(have, value):
            yield f"{name} {have} instead of {value}"


def _close(have: Any, want: float | None) -> bool:
    if have is None or want is None:
        return have is None and want is None
    return abs(float(have) - want) <= CLOSE
