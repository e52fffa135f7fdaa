"""Whom a night touched: told by the changes of an input, else by its files; unknown is never nobody."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.engine.night import Night, followed
from mavprep_analytics.lake import Change, DataFile, Delta, Lake, TableEntry

NAME = "first_answers"
ATTEMPT = ("user_id", "test_id", "attempt_key")


def file_of(lake: Lake, folder: Path, *users: str, day: int = 1) -> DataFile:
    path = folder / "x.parquet"
    pq.write_table(pa.table({"user_id": list(users), "utc_day": [day] * len(users)}), path)
    return lake.add_file(NAME, path)


def keys_of(lake: Lake, folder: Path, *users: str) -> DataFile:
    path = folder / "keys.parquet"
    pq.write_table(pa.table({"user_id": list(users)}), path)
    return lake.add_file(NAME, path)


def touched(lake: Lake, folder: Path, before: dict[str, str], now: TableEntry) -> list[Any] | None:
    path = Night(lake, ("user_id",), before, {NAME: now}, frozenset()).touched(100, folder)
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


def attempts(
    lake: Lake, folder: Path, *rows: tuple[str, str, int], table: str = "core_attempts"
) -> DataFile:
    users, keys, scores = ([row[place] for row in rows] for place in range(3))
    tests = ["t"] * len(rows)
    columns: list[Any] = [users, tests, keys, scores]
    path = folder / "x.parquet"
    pq.write_table(pa.table(columns, ["user_id", "test_id", "attempt_key", "score"]), path)
    return lake.add_file(table, path)


def test_attempts_that_came_went_or_changed_are_told_apart_from_their_neighbours(
    tmp_path: Path,
) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    same = attempts(lake, tmp_path, ("a", "0", 1))
    old = attempts(lake, tmp_path, ("a", "1", 1), ("a", "2", 1), ("b", "1", 1))
    new = attempts(lake, tmp_path, ("a", "1", 1), ("a", "2", 9), ("c", "1", 1))
    then, now = TableEntry((same, old)), TableEntry((same, new))
    before = {"table core_attempts": then.digest, "files core_attempts": then.recipe}
    night = Night(lake, ATTEMPT, before, {"core_attempts": now}, frozenset())
    values = night.touched(100, tmp_path)
    assert values is not None
    found = pq.read_table(values)
    assert list(zip(*found.to_pydict().values(), strict=True)) == [
        ("a", "t", "2"),
        ("b", "t", "1"),
        ("c", "t", "1"),
    ]
    scores = [
        Counter(pq.read_table(path)["score"].to_pylist())
        for files in (night.files_now(values, tmp_path), night.files_before(values, tmp_path))
        for path in files["core_attempts"]
    ]
    assert scores == [{9: 1, 1: 1}, {1: 2}]


def scores(files: Sequence[Path]) -> list[tuple[str, int]]:
    rows = [row for path in files for row in pq.read_table(path).to_pylist()]
    return sorted((row["user_id"], row["score"]) for row in rows)


def test_what_a_delta_tells_is_taken_at_its_word_and_nothing_else_is_read(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    then = TableEntry((attempts(lake, tmp_path, ("a", "1", 1), ("b", "1", 1)),))
    went = attempts(lake, tmp_path, ("a", "1", 1))
    came = attempts(lake, tmp_path, ("a", "1", 2), ("c", "1", 3))
    missing = DataFile("data/core_attempts/none.parquet", 3, 1, "0" * 64)
    now = TableEntry((missing,), delta=Delta(then.digest, (went,), (came,)))
    before = {"table core_attempts": then.digest, "files core_attempts": then.recipe}
    night = Night(lake, ATTEMPT, before, {"core_attempts": now}, frozenset())
    values = night.touched(100, tmp_path)
    assert values is not None
    assert pq.read_table(values)["user_id"].to_pylist() == ["a", "c"]
    assert scores(night.files_now(values, tmp_path)["core_attempts"]) == [("a", 2), ("c", 3)]
    assert scores(night.files_before(values, tmp_path)["core_attempts"]) == [("a", 1)]
    only_came = TableEntry((missing,), delta=Delta(then.digest, (), (came,)))
    night = Night(lake, ATTEMPT, before, {"core_attempts": only_came}, frozenset())
    assert scores(night.files_before(values, tmp_path)["core_attempts"]) == []


def test_values_that_another_input_touched_are_looked_for_beside_the_delta(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    then = TableEntry((attempts(lake, tmp_path, ("a", "1", 1), ("b", "1", 1)),))
    came = attempts(lake, tmp_path, ("c", "1", 3))
    file = attempts(lake, tmp_path, ("a", "1", 1), ("b", "1", 1), ("c", "1", 3))
    now = TableEntry((file,), delta=Delta(then.digest, (), (came,)))
    graded = [
        TableEntry((attempts(lake, tmp_path, ("b", "1", n), table="eligible_attempts"),))
        for n in (1, 2)
    ]
    before = {
        "table core_attempts": then.digest,
        "files core_attempts": then.recipe,
        "table eligible_attempts": graded[0].digest,
        "files eligible_attempts": graded[0].recipe,
    }
    inputs = {"core_attempts": now, "eligible_attempts": graded[1]}
    night = Night(lake, ATTEMPT, before, inputs, frozenset())
    values = night.touched(100, tmp_path)
    assert values is not None
    assert scores(night.files_now(values, tmp_path)["core_attempts"]) == [("b", 1), ("c", 3)]
    assert scores(night.files_before(values, tmp_path)["core_attempts"]) == [("b", 1)]


def test_a_delta_since_another_state_is_not_believed(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    then = TableEntry((attempts(lake, tmp_path, ("a", "1", 1)),))
    came = attempts(lake, tmp_path, ("c", "1", 3))
    file = attempts(lake, tmp_path, ("a", "1", 1), ("b", "1", 2), ("c", "1", 3))
    now = TableEntry((file,), delta=Delta("of yesterday", (), (came,)))
    before = {"table core_attempts": then.digest, "files core_attempts": then.recipe}
    night = Night(lake, ATTEMPT, before, {"core_attempts": now}, frozenset())
    values = night.touched(100, tmp_path)
    assert values is not None
    assert scores(night.files_now(values, tmp_path)["core_attempts"]) == [("b", 2), ("c", 3)]


def test_lists_that_no_model_mentions_are_not_read_for_students(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    path = tmp_path / "x.parquet"
    columns: dict[str, Any] = {
        "user_id": ["a", "b"],
        "answers": [[1], [2]],
        "topic_performance": [[3], [4]],
    }
    pq.write_table(pa.table(columns), path)
    entry = TableEntry((lake.add_file("core_attempts", path),))
    pq.write_table(pa.table({"user_id": ["b"]}), tmp_path / "values.parquet")
    night = Night(lake, ("user_id",), {}, {"core_attempts": entry}, frozenset({"answers"}))
    (file,) = night.files_now(tmp_path / "values.parquet", tmp_path)["core_attempts"]
    assert pq.read_table(file).to_pydict() == {"user_id": ["b"], "answers": [[2]]}


def test_tables_that_are_built_together_follow_a_night_in_one_way_or_not_at_all() -> None:
    assert followed(["attempt_levels", "missing_references"]) == ATTEMPT
    assert followed(["item_sums", "answer_counts"]) == ATTEMPT
    assert followed(["attempt_levels", "answer_counts"]) == ()
    assert followed(["attempt_levels", "first_answers"]) == ()
    assert followed(["attempt_levels", "best_attempts"]) == ()
