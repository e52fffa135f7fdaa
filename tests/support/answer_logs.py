"""Answer logs for the evaluation of mastery models: simulated students whose true chances are known."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_log(name: str) -> Path:
    """Return a real log outside the repository, or skip the test where there is none."""
    path = Path(os.environ.get("SHARED_DATA", _BESIDE)) / "answers" / name
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    return path


def simulated_log(seed: int, students: int = 120, days: int = 6, per_day: int = 12) -> pa.Table:
    """Return answers of students with one ability each plus one per topic, to 200 questions in 5 topics."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1, students)
    in_topic = rng.normal(0, 0.6, (students, 5))
    difficulty = rng.normal(-0.5, 1, 200)
    rows = students * days * per_day
    user = np.repeat(np.arange(students), days * per_day)
    day = np.tile(np.repeat(np.arange(days), per_day), students)
    topic = rng.integers(0, 2, rows) + 2 * (day % 2)
    item = topic * 40 + rng.integers(0, 40, rows)
    chance = 1 / (1 + np.exp(difficulty[item] - ability[user] - in_topic[user, topic]))
    correct = (rng.random(rows) < chance).astype(np.int8)
    ts = day * 86_400 + np.tile(np.arange(per_day), students * days)
    columns = {"user": user, "item": item, "skill": topic, "correct": correct, "ts": ts}
    return pa.table({name: pa.array(values) for name, values in columns.items()})
