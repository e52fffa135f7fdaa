"""A real answer log, checked and cut into sessions.

A log is a Parquet file with the columns user, item, skill, correct (0 or 1), ts (seconds; the origin does
not matter) and, if known, elapsed (seconds spent on the answer). Not here: items and catalogue rows made
of it (`answer_log`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.campus.catalogue import Flags, Floats, Ints
from mavprep_analytics.errors import DataRefused, Misconfigured

_REQUIRED = ("user", "item", "skill", "correct", "ts")
_LONGEST_GAP_SECONDS = 1_800
_MOST_ANSWERS = 50
_LONGEST_ANSWER_SECONDS = 14_400


@dataclass(frozen=True)
class AnswerLog:
    """Answers ordered by user and time; `user`, `item`, `skill` are indexes into the names.

    `seconds` is the time spent on an answer, NaN when unknown; `moment` is in the log's own seconds.
    """

    users: list[str]
    items: list[str]
    skills: list[str]
    user: Ints
    item: Ints
    skill: Ints
    is_correct: Flags
    moment: Ints
    seconds: Floats

    def skill_of_item(self) -> Ints:
        """Return each item's skill: the one that it is first seen with."""
        items, first = np.unique(self.item, return_index=True)
        skill_of = np.zeros(len(self.items), dtype=np.int64)
        skill_of[items] = self.skill[first]
        return skill_of


@dataclass(frozen=True)
class Session:
    """Consecutive answers of one user: rows start to stop; `number` counts the user's sessions from 1."""

    user: int
    number: int
    start: int
    stop: int


def read_answer_log(path: Path) -> AnswerLog:
    """Read and check a log.

    Raises:
        Misconfigured: there is no such Parquet file, or it lacks a column.
        DataRefused: a value is missing or no answer can have it.
    """
    table = _read(path)
    _check(path, table)
    moment = np.floor(table["ts"].cast(pa.float64()).to_numpy()).astype(np.int64)
    users, user = _codes(table["user"])
    items, item = _codes(table["item"])
    skills, skill = _codes(table["skill"])
    order = np.lexsort((moment, user))
    return AnswerLog(
        users,
        items,
        skills,
        user[order],
        item[order],
        skill[order],
        table["correct"].cast(pa.float64()).to_numpy()[order] == 1,
        moment[order],
        _seconds(table)[order],
    )


def sessions(log: AnswerLog) -> Iterator[Session]:
    """Yield sessions: a new one after more than 30 minutes or 50 answers."""
    is_first = np.ones(len(log.user), dtype=bool)
    is_first[1:] = (np.diff(log.user) != 0) | (np.diff(log.moment) > _LONGEST_GAP_SECONDS)
    bounds = [*np.flatnonzero(is_first).tolist(), len(log.user)]
    user, number = -1, 0
    for begin, end in pairwise(bounds):
        for start in range(begin, end, _MOST_ANSWERS):
            number = number + 1 if log.user[start] == user else 1
            user = int(log.user[start])
            yield Session(user, number, start, min(start + _MOST_ANSWERS, end))


def _read(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise Misconfigured(f"there is no answer log at {path}", "Name a Parquet file") from None
    except (pa.ArrowInvalid, OSError) as error:
        raise Misconfigured(f"{path} is no Parquet file ({error})", "Name a Parquet file") from None
    missing = [name for name in _REQUIRED if name not in table.column_names]
    if missing:
        wanted = ", ".join(_REQUIRED)
        raise Misconfigured(f"{path} has no column {missing[0]}", f"It needs the columns {wanted}")
    return table


def _check(path: Path, table: pa.Table) -> None:
    if not table.num_rows:
        raise DataRefused(f"{path} holds no answers", "Give a log with at least one")
    for name in _REQUIRED:
        if table[name].null_count:
            raise DataRefused(f"{path} has answers without {name}", "Remove or repair these rows")
    values = pc.unique(table["correct"].cast(pa.float64())).to_pylist()
    wrong = [value for value in values if value not in (0, 1)]
    if wrong:
        raise DataRefused(f"{path} has {wrong[0]} in the column correct", "Give 0 or 1")


def _codes(column: "pa.ChunkedArray[Any]") -> tuple[list[str], Ints]:
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    names = [str(name) for name in encoded.dictionary.to_pylist()]
    return names, encoded.indices.to_numpy().astype(np.int64)


def _seconds(table: pa.Table) -> Floats:
    if "elapsed" not in table.column_names:
        return np.full(table.num_rows, np.nan)
    seconds = table["elapsed"].cast(pa.float64()).to_numpy().astype(np.float64)
    is_possible = (seconds >= 0) & (seconds <= _LONGEST_ANSWER_SECONDS)
    return np.where(is_possible, seconds, np.nan)
