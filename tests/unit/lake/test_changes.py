from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.lake import Change, DataFile, Delta, Lake, TableEntry, Version


def file_of(lake: Lake, folder: Path, **columns: list[object]) -> DataFile:
    path = folder / "x.parquet"
    pq.write_table(pa.table(columns), path)
    return lake.add_file("t", path)


def lake_with_changes(folder: Path) -> tuple[Lake, TableEntry]:
    lake = Lake.open(str(folder / "lake"), folder / "scratch")
    base = file_of(lake, folder, user_id=["a", "a", "b", "c"], n=[1, 2, 3, 4])
    first = Change(
        file_of(lake, folder, user_id=["a", "d"], n=[10, 11]),
        file_of(lake, folder, user_id=["a", "d"]),
        hidden=2,
    )
    second = Change(
        file_of(lake, folder, user_id=["d"], n=[20]),
        file_of(lake, folder, user_id=["c", "d"]),
        hidden=2,
    )
    return lake, TableEntry((base,), {"i": "1"}, (first, second))


def test_a_change_replaces_all_older_rows_of_its_students(tmp_path: Path) -> None:
    lake, entry = lake_with_changes(tmp_path)
    rows = lake.read(entry).sort_by("n").to_pydict()
    assert rows == {"user_id": ["b", "a", "d"], "n": [3, 10, 20]}
    assert entry.rows == 3


def test_a_version_with_changes_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    _, entry = lake_with_changes(tmp_path)
    version = Version(3, "id", {"t": entry})
    assert Version.from_json(version.to_json()) == version


def test_changes_of_attempts_replace_their_rows_alone(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    base = file_of(lake, tmp_path, user_id=["a", "a", "b"], test_id=["t", "u", "t"], n=[1, 2, 3])
    change = Change(
        file_of(lake, tmp_path, user_id=["a"], test_id=["u"], n=[20]),
        file_of(lake, tmp_path, user_id=["a", "b"], test_id=["u", "t"]),
        hidden=2,
    )
    entry = TableEntry((base,), {}, (change,))
    assert lake.read(entry).sort_by("n")["n"].to_pylist() == [1, 20]
    assert entry.rows == 2


def test_what_a_delta_names_is_read_back_and_stays(tmp_path: Path) -> None:
    lake, entry = lake_with_changes(tmp_path)
    told = file_of(lake, tmp_path, user_id=["z"], n=[9])
    entry = TableEntry(entry.files, delta=Delta("before", (), (told,)))
    version = lake.commit({"t": entry}, base=lake.head())
    assert Version.from_json(version.to_json()) == version
    lake.prune([], datetime.now(UTC) + timedelta(days=400))
    assert lake.read(TableEntry((told,))).num_rows == 1


def test_every_change_is_a_state_of_its_own(tmp_path: Path) -> None:
    _, entry = lake_with_changes(tmp_path)
    assert len(set(entry.states)) == 3
    assert TableEntry(entry.files).digest == entry.states[0]
    assert TableEntry(entry.files, changes=entry.changes[:1]).digest == entry.states[1]


def test_pruning_keeps_the_files_of_changes(tmp_path: Path) -> None:
    lake, entry = lake_with_changes(tmp_path)
    lake.commit({"t": entry}, base=lake.head())
    lake.prune([], datetime.now(UTC) + timedelta(days=400))
    assert Lake.open(str(tmp_path / "lake"), tmp_path / "other").read(entry).num_rows == 3


def test_a_recipe_is_enough_to_read_the_same_rows(tmp_path: Path) -> None:
    lake, entry = lake_with_changes(tmp_path)
    again = TableEntry.from_recipe("t", entry.recipe)
    assert (again.digest, again.states) == (entry.digest, entry.states)
    assert lake.read(again).sort_by("n") == lake.read(entry).sort_by("n")
