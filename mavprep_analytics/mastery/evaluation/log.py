"""A log of answers, prepared for evaluation: codes, days, folds and first exposures. Predicts nothing.

Protocol: students fall into five folds by a hash of their id; all that a model fits comes from the other
folds. An answer is predicted from what was known at the end of the day before; a log without times is cut
into blocks of 20 answers per student. Only a student's first answer to a question is scored.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.errors import DataRefused

FOLDS = 5
BLOCK = 20
SECONDS_PER_DAY = 86_400
SECONDS_PER_YEAR = 31_557_600
LONGEST_YEARS = 100
FURTHEST_YEARS = 10_000
"""No log's seconds count from further away; milliseconds since 1970 do."""
REQUIRED = ("user", "item", "skill", "correct")
Ints: TypeAlias = npt.NDArray[np.int64]


class LogRefused(DataRefused):
    """The log is not in the form that evaluation reads."""


@dataclass(frozen=True)
class AnswerLog:
    """Answers ordered by student, in the order of their ids as text, and time; ids are codes from 0.

    Args:
        user: code of the student.
        item: code of the question.
        skill: code of the topic.
        correct: 0 or 1.
        day: day of the answer, or number of its block.
        is_first: whether it is the student's first answer to the question.
        fold: fold of the student, 0 to 4.
    """

    user: Ints
    item: Ints
    skill: Ints
    correct: npt.NDArray[np.float64]
    day: Ints
    is_first: npt.NDArray[np.bool_]
    fold: Ints

    def __len__(self) -> int:
        return len(self.user)

    @property
    def first(self) -> "AnswerLog":
        """The first exposures alone."""
        return AnswerLog(
            *(getattr(self, name)[self.is_first] for name in self.__dataclass_fields__)
        )


def read_log(path: Path) -> AnswerLog:
    """Read a Parquet file with the columns user, item, skill, correct and, if known, ts.

    `ts` is a timestamp, a date or seconds since any moment. Without it, rows stand in each student's order.
    Answers without a skill are of one skill of their own.

    Raises:
        LogRefused: no such file, a column is missing or has nulls, correct is not 0 or 1, or the times span
            more than a century or are too large for seconds.
    """
    if not path.is_file():
        raise LogRefused(f"there is no file {path}", "Name a Parquet file of answers")
    try:
        names = pq.read_schema(path).names
        missing = [name for name in REQUIRED if name not in names]
        if missing:
            raise LogRefused(
                f"{path} lacks {', '.join(missing)}", f"Give it the columns {', '.join(REQUIRED)}"
            )
        table = pq.read_table(path, columns=[*REQUIRED, *(["ts"] if "ts" in names else [])])
    except (pa.ArrowInvalid, OSError) as error:
        raise LogRefused(f"{path} is no Parquet file: {error}", "Convert it first") from None
    return prepare(table, str(path))


def prepare(table: pa.Table, name: str) -> AnswerLog:
    """Prepare a table of answers; see `read_log`."""
    table = pa.table({column: _plain(table[column]) for column in table.column_names})
    for column in table.column_names:
        if column != "skill" and table[column].null_count:
            raise LogRefused(f"{column} of {name} has nulls", "Remove or complete these rows")
    if not table.num_rows:
        raise LogRefused(f"{name} has no answers", "Name a log with answers")
    codes, ids = _codes(table["user"], name)
    users, places = np.unique([str(value) for value in ids], return_inverse=True)
    user = places[codes]
    ts = _seconds(table["ts"], name) if "ts" in table.column_names else None
    order = np.argsort(user, kind="stable") if ts is None else np.lexsort((ts, user))
    item, skill = (_codes(table[column], name)[0][order] for column in ("item", "skill"))
    user, correct = user[order], _marks(table["correct"], name)[order]
    day = _blocks(user) if ts is None else np.floor_divide(ts[order], SECONDS_PER_DAY)
    fold = np.array([_fold(value) for value in users], dtype=np.int64)[user]
    first = _is_first(user, item)
    return AnswerLog(user, item, skill, correct, day.astype(np.int64), first, fold)


def _plain(column: Any) -> Any:
    """Return the values themselves, of categories and of an extension such as UUID."""
    of_type = column.type
    if isinstance(of_type, pa.BaseExtensionType):
        return column.cast(of_type.storage_type)
    return column.cast(of_type.value_type) if pa.types.is_dictionary(of_type) else column


def _codes(column: Any, name: str) -> tuple[Ints, list[Any]]:
    try:
        encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    except pa.ArrowNotImplementedError:
        raise LogRefused(
            f"{name} has ids of type {column.type}", "Make them text or numbers"
        ) from None
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64), (
        encoded.dictionary.to_pylist()
    )


def _seconds(column: Any, name: str) -> npt.NDArray[np.float64]:
    of_type = column.type
    if pa.types.is_timestamp(of_type) or pa.types.is_date(of_type):
        micros = pc.cast(column, pa.timestamp("us", getattr(of_type, "tz", None)), safe=False)
        found = np.asarray(pc.cast(micros, pa.int64()).to_numpy(), dtype=np.float64) / 1e6
    elif any(
        of(of_type) for of in (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    ):
        found = np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    else:
        raise LogRefused(f"ts of {name} is {of_type}", "Make it a timestamp or seconds")
    if not np.isfinite(found).all():
        raise LogRefused(f"ts of {name} is not a time everywhere", "Remove or complete these rows")
    span, reach = np.ptp(found) / SECONDS_PER_YEAR, np.abs(found).max() / SECONDS_PER_YEAR
    if span > LONGEST_YEARS or reach > FURTHEST_YEARS:
        raise LogRefused(
            f"ts of {name} spans {span:,.0f} years and reaches {reach:,.0f} from its zero",
            "Give seconds, not milliseconds",
        )
    return found


def _marks(column: Any, name: str) -> npt.NDArray[np.float64]:
    try:
        marks = np.asarray(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        marks = np.full(1, np.nan)
    if not np.isin(marks, (0.0, 1.0)).all():
        raise LogRefused(f"correct of {name} is not 0 or 1 everywhere", "Make it 0 or 1")
    return marks


def _blocks(user: Ints) -> Ints:
    """Return the number of each row's block of BLOCK rows within its student."""
    start = np.flatnonzero(np.r_[True, user[1:] != user[:-1]])
    place = np.arange(len(user)) - np.repeat(start, np.diff(np.r_[start, len(user)]))
    return place // BLOCK


def _is_first(user: Ints, item: Ints) -> npt.NDArray[np.bool_]:
    pairs = user * (int(item.max()) + 1) + item
    first = np.zeros(len(pairs), dtype=np.bool_)
    first[np.unique(pairs, return_index=True)[1]] = True
    return first


def _fold(user: object) -> int:
    return hashlib.sha256(str(user).encode()).digest()[0] % FOLDS
