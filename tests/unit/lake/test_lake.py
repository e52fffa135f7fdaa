"""Versions, commits and verification, on a folder; the same on S3 stands under integration."""

import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.errors import Overtaken, Temporary
from mavprep_analytics.lake import DataFile, Lake, TableEntry, Version
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.lake.stores import FolderStore

FIELDS: list["pa.Field[Any]"] = [pa.field("user_id", pa.string()), pa.field("points", pa.int64())]
SCHEMA = pa.schema(FIELDS)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")


def entry(lake: Lake, *points: int) -> TableEntry:
    rows = [{"user_id": f"u{n}", "points": value} for n, value in enumerate(points)]
    batch = pa.RecordBatch.from_pylist(rows, SCHEMA)
    return lake.write("points", SCHEMA, [batch], {"source": str(points)})


def test_an_empty_lake_has_version_zero_and_no_tables(lake: Lake) -> None:
    assert lake.head() == Version(0)


def test_a_commit_is_read_back_whole(lake: Lake) -> None:
    written = entry(lake, 3, 1)
    version = lake.commit({"points": written}, {"chain": {"users": "x"}}, base=lake.head())
    assert lake.head() == version
    assert version.number == 1
    assert lake.read(version.tables["points"]).column("points").to_pylist() == [3, 1]
    assert version.facts == {"chain": {"users": "x"}}


def test_equal_rows_are_one_file_whatever_the_version(lake: Lake) -> None:
    first, second = entry(lake, 3, 1), entry(lake, 3, 1)
    assert first.files == second.files
    assert first.digest == second.digest
    assert entry(lake, 1, 3).digest != first.digest


def test_a_concurrent_commit_of_other_tables_is_built_upon(lake: Lake) -> None:
    base = lake.head()
    lake.commit({"a": entry(lake, 1)}, base=base)
    version = lake.commit({"b": entry(lake, 2)}, base=base)
    assert version.number == 2
    assert set(version.tables) == {"a", "b"}


class Silent(FolderStore):
    """A store that does not answer conditional writes; `applies` tells whether it does them."""

    applies = True

    def put_if_absent(self, key: str, body: bytes) -> bool:
        """See FolderStore."""
        if self.applies:
            super().put_if_absent(key, body)
        raise Temporary("the store did not answer", "Run again")


def test_a_commit_whose_answer_was_lost_is_read_back(tmp_path: Path) -> None:
    lake = Lake(Silent(tmp_path / "lake"), tmp_path / "scratch")
    version = lake.commit({"points": entry(lake, 1)}, base=lake.head())
    assert (version.number, lake.head()) == (1, version)


def test_a_commit_that_never_came_about_is_temporary_and_no_file_goes(tmp_path: Path) -> None:
    store = Silent(tmp_path / "lake")
    lake, store.applies = Lake(store, tmp_path / "scratch"), False
    written = entry(lake, 1)
    with pytest.raises(Temporary, match="lake version 1 had no known outcome"):
        lake.commit({"points": written}, base=lake.head())
    assert store.keys("data/") == [written.files[0].key]


def test_what_a_killed_run_had_staged_goes_after_a_day(lake: Lake) -> None:
    now = datetime.now(UTC)
    left = lake.scratch / "stage-left"
    left.mkdir(parents=True)
    lake.prune([], now + timedelta(hours=23))
    assert left.is_dir()
    lake.prune([], now + timedelta(hours=25))
    assert not left.exists()


def test_a_scratch_folder_of_its_own_goes_with_the_lake(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    entry(lake, 1)
    scratch = lake.scratch
    assert scratch.is_dir()
    del lake
    gc.collect()
    assert not scratch.exists()


def test_a_concurrent_commit_of_the_same_table_is_refused(lake: Lake) -> None:
    base = lake.head()
    lake.commit({"a": entry(lake, 1)}, base=base)
    with pytest.raises(Overtaken, match="changed a"):
        lake.commit({"a": entry(lake, 2)}, base=base)
    assert lake.read(lake.head().tables["a"]).column("points").to_pylist() == [1]


def test_a_concurrent_change_of_the_same_fact_is_refused(lake: Lake) -> None:
    base = lake.head()
    lake.commit({}, {"chain": 1}, base=base)
    with pytest.raises(Overtaken, match="chain"):
        lake.commit({}, {"chain": 2}, base=base)


def test_a_flipped_byte_is_refused_by_name(lake: Lake, tmp_path: Path) -> None:
    version = lake.commit({"points": entry(lake, 7)}, base=lake.head())
    (file,) = version.tables["points"].files
    path = tmp_path / "lake" / file.key
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))
    fresh = Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")
    with pytest.raises(LakeCorrupt, match=file.sha256):
        fresh.local_files(version.tables["points"])


def test_a_missing_file_is_refused_by_name(lake: Lake, tmp_path: Path) -> None:
    version = lake.commit({"points": entry(lake, 7)}, base=lake.head())
    (file,) = version.tables["points"].files
    (tmp_path / "lake" / file.key).unlink()
    with pytest.raises(LakeCorrupt, match="missing"):
        lake.local_files(version.tables["points"])


def test_old_versions_go_and_young_files_stay(lake: Lake) -> None:
    first = lake.commit({"points": entry(lake, 1)}, base=lake.head())
    second = lake.commit({"points": entry(lake, 2)}, base=first)
    third = lake.commit({"points": entry(lake, 3)}, base=second)
    orphan = entry(lake, 4).files[0]
    now = datetime.now(UTC)
    assert lake.prune([], now + timedelta(days=6)) == (0, 0)
    assert lake.prune([], now + timedelta(days=8)) == (0, 1), "the file of no version"
    with pytest.raises(LakeCorrupt):
        lake.local_files(TableEntry((orphan,)))
    assert lake.prune([2], now + timedelta(days=31)) == (1, 1)
    assert lake.version(2) == second
    with pytest.raises(LakeCorrupt):
        lake.version(1)
    assert lake.head() == third
    assert lake.read(third.tables["points"]).num_rows == 1


names = st.text(min_size=1, max_size=8)
files = st.builds(DataFile, names, st.integers(0), st.integers(0), names)
entries = st.builds(
    TableEntry, st.lists(files, max_size=3).map(tuple), st.dictionaries(names, names)
)


@given(
    st.builds(
        Version,
        st.integers(0),
        names,
        st.dictionaries(names, entries),
        st.dictionaries(names, names),
    )
)
def test_a_version_survives_its_json(version: Version) -> None:
    assert Version.from_json(version.to_json()) == version
