"""Whom a night touched: told by the changes of an input, else by its files; unknown is never nobody."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.engine.night import files_of, inputs_before, touched_values
from mavprep_analytics.lake import Change, DataFile, Lake, TableEntry

NAME = "first_answers"


def file_of(lake: Lake, folder: Path, *users: str, day: int = 1) -> DataFile:
    path = folder / "x.parquet"
    pq.write_table(pa.table({"user_id": list(users), "utc_day": [day] * len(users)}), path)
    return lake.add_file(NAME, path)


def keys_of(lake: Lake, folder: Path, *users: str) -> DataFile:
    path = folder / "keys.parquet"
    pq.write_table(pa.table({"user_id": list(users)}), path)
    return lake.add_file(NAME, path)


def touched(lake: Lake, folder: Path, before: dict[str, str], now: TableEntry) -> list[Any] | None:
    path = touched_values(lake, ("user_id",), before, {NAME: now}, 100, folder)
    return None if path is None else pq.read_table(path)["user_id"].to_pylist()


def known(entry: TableEntry) -> dict[str, str]:
    return {f"table {NAME}": entry.digest, f"files {NAME}": entry.recipe}


def test_the_changes_since_then_name_the_students(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    base = file_of(lake, tmp_path, "a", "b", "c")
    changes = tuple(
        Change(file_of(lake, tmp_path, user, day=2), keys_of(lake, tmp_path, user), 1)
        for user in ("a", "b")
    )
    entry = TableEntry((base,), {}, changes)
    befores = [TableEntry((base,), {}, changes[:count]) for count in range(3)]
    told = [touched(lake, tmp_path, known(then), entry) for then in befores]
    assert told == [["a", "b"], ["b"], []]


def test_files_that_differ_are_compared_student_by_student(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    old, new = file_of(lake, tmp_path, "a", "b", "c"), file_of(lake, tmp_path, "c", "b", "b", "d")
    before = known(TableEntry((old,)))
    assert touched(lake, tmp_path, before, TableEntry((new,))) == ["a", "b", "d"]


def test_what_cannot_be_told_is_unknown_and_not_nobody(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    entry = TableEntry((file_of(lake, tmp_path, "a"),))
    assert touched(lake, tmp_path, {}, entry) is None
    assert touched(lake, tmp_path, {f"table {NAME}": "other"}, entry) is None
    gone = {f"table {NAME}": "other", f"files {NAME}": "0" * 64}
    assert touched(lake, tmp_path, gone, entry) is None


def attempts(lake: Lake, folder: Path, *rows: tuple[str, str, int]) -> DataFile:
    users, keys, scores = ([row[place] for row in rows] for place in range(3))
    tests = ["t"] * len(rows)
    columns: list[Any] = [users, tests, keys, scores]
    path = folder / "x.parquet"
    pq.write_table(pa.table(columns, ["user_id", "test_id", "attempt_key", "score"]), path)
    return lake.add_file("core_attempts", path)


def test_attempts_that_came_went_or_changed_are_told_apart_from_their_neighbours(
    tmp_path: Path,
) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    same = attempts(lake, tmp_path, ("a", "0", 1))
    old = attempts(lake, tmp_path, ("a", "1", 1), ("a", "2", 1), ("b", "1", 1))
    new = attempts(lake, tmp_path, ("a", "1", 1), ("a", "2", 9), ("c", "1", 1))
    then, now = TableEntry((same, old)), TableEntry((same, new))
    before = {"table core_attempts": then.digest, "files core_attempts": then.recipe}
    inputs = {"core_attempts": now}
    columns = ("user_id", "test_id", "attempt_key")
    values = touched_values(lake, columns, before, inputs, 100, tmp_path)
    assert values is not None
    found = pq.read_table(values)
    assert list(zip(*found.to_pydict().values(), strict=True)) == [
        ("a", "t", "2"),
        ("b", "t", "1"),
        ("c", "t", "1"),
    ]
    was = inputs_before(inputs, columns, before)
    scores = [
        Counter(pq.read_table(path)["score"].to_pylist())
        for entries in (inputs, was)
        for path in files_of(lake, entries, columns, values, tmp_path)["core_attempts"]
    ]
    assert scores == [{9: 1, 1: 1}, {1: 2}]
