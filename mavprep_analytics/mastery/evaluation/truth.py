"""Published mastery beside the true chances of a simulated campus: does the interval hold what it says? Pure.

The truth is a student's chance of a correct answer to a random active question of a topic's subtree on the
campus's last day, so readings of that day belong to it. A day has its form: the interval is meant for what a
student would show on a day, which strays more than the lasting chance, the average over many days.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mavprep_analytics.errors import DataRefused

EVIDENCE_FROM = (1, 5, 10, 20, 50)
"""Groups of readings by their answers: 1 to 4, 5 to 9 and so on."""


@dataclass(frozen=True)
class Held:
    """Readings against their truth.

    Args:
        group: which readings.
        readings: how many, each of a student and a topic.
        coverage_80: share of 80 % intervals that hold the day's true chance.
        coverage_error: standard error of coverage_80 by students, for all readings of a student share his day and
            hold or miss together; None: of one student alone.
        coverage_lasting: share of them that hold the lasting chance.
        bias: mean of reading minus truth.
        mean_error: mean distance of reading and truth.
        mean_width: mean width of the intervals.
    """

    group: str
    readings: int
    coverage_80: float
    coverage_error: float | None
    coverage_lasting: float
    bias: float
    mean_error: float
    mean_width: float


def held_truth(readings: pa.Table, truth: pa.Table) -> list[Held]:
    """Return how all readings, those of leaves and of parents, and those with little and much evidence, do.

    Args:
        readings: `topic_mastery` with user_id, topic_id, mastery, its ends, and answers.
        truth: user_id, topic_id, is_leaf, true_chance and lasting_chance, as `mavprep simulate` writes them.

    Raises:
        DataRefused: no reading has a truth, so these are of different campuses.
    """
    keys = ["user_id", "topic_id"]
    both = readings.join(truth.select([*keys, *_TRUE]), keys, join_type="inner")
    if not both.num_rows:
        raise DataRefused(
            "no mastery in the lake belongs to a student of this campus",
            "Run the night of this campus first: mavprep run --as-of DATE",
        )
    columns: dict[str, Any] = {name: _floats(both, name) for name in (*_TRUE, *_SAID, "answers")}
    columns["student"] = np.unique(np.array(both["user_id"].to_pylist()), return_inverse=True)[1]
    is_leaf, answers = columns["is_leaf"] > 0, columns["answers"]
    groups = {"all": answers > 0, "leaves": is_leaf, "parents": ~is_leaf}
    for first, after in zip(EVIDENCE_FROM, (*EVIDENCE_FROM[1:], None), strict=True):
        until = np.inf if after is None else after
        name = f"{first}+ answers" if after is None else f"{first}-{after - 1} answers"
        groups[name] = (answers >= first) & (answers < until)
    return [_held(name, columns, rows) for name, rows in groups.items() if rows.any()]


_TRUE = ("is_leaf", "true_chance", "lasting_chance")
_SAID = ("mastery", "mastery_low", "mastery_high")


def _floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    return np.array(table[name].cast(pa.float64()).to_pylist(), dtype=np.float64)


def _held(group: str, columns: dict[str, Any], rows: npt.NDArray[np.bool_]) -> Held:
    truth, lasting = (columns[name][rows] for name in _TRUE[1:])
    said, low, high = (columns[name][rows] for name in _SAID)
    holds = (low <= truth) & (truth <= high)
    return Held(
        group,
        int(rows.sum()),
        float(holds.mean()),
        _error_by_students(holds, columns["student"][rows]),
        float(((low <= lasting) & (lasting <= high)).mean()),
        float((said - truth).mean()),
        float(np.abs(said - truth).mean()),
        float((high - low).mean()),
    )


def _error_by_students(
    holds: npt.NDArray[np.bool_], student: npt.NDArray[np.int64]
) -> float | None:
    """Return the standard error of a share whose rows come in students."""
    students = len(np.unique(student))
    if students < 2:
        return None
    strays = np.bincount(student, holds - holds.mean())
    return float(np.sqrt((strays**2).sum() * students / (students - 1)) / len(holds))
