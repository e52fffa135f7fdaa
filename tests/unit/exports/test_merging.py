"""Merging runs: the newest row of every key, in any number of pieces, within bounded memory."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mavprep_analytics.exports import merging
from mavprep_analytics.exports.merging import MergeTask, merge
from mavprep_analytics.exports.refusals import RepeatedItem
from mavprep_analytics.exports.rows import KEY, STATE, RowState
from mavprep_analytics.exports.runs import write_run
from mavprep_analytics.tables import core

TABLE = core.core_decks


def run(path: Path, rows: list[tuple[str, str, str | None, bool]], arn: str = "arn") -> Path:
    """Write a run of (user, deck, subject, gone)."""
    ordered = sorted(rows)
    columns = [list(column) for column in zip(*ordered, strict=True)]
    users, decks, subjects, gone = columns
    keys = [f"\0{user}\0{deck}\0{arn}" for user, deck in zip(users, decks, strict=True)]
    names = [*TABLE.arrow_schema.names, KEY, STATE]
    arrays = [
        pa.array(users),
        pa.array(decks),
        pa.array(subjects, pa.string()),
        pa.array([arn] * len(rows)),
        pa.array(keys),
        pa.array([RowState.GONE if is_gone else RowState.CURRENT for is_gone in gone], pa.int8()),
    ]
    write_run(path, [pa.table(arrays, names=names)])
    return path


def merged(
    folder: Path, *runs: tuple[int, Path], base: Path | None = None
) -> list[tuple[str, str | None]]:
    task = MergeTask("core_decks", "", base, runs, frozenset(), folder / "merged.parquet")
    merge(task)
    rows = pq.read_table(task.target).to_pylist()
    return [(row["user_id"], row["subject_ref"]) for row in rows]


def test_the_newest_of_many_runs_decides_and_deletes_delete(tmp_path: Path) -> None:
    first = run(tmp_path / "1", [("a", "d", "old", False), ("b", "d", "old", False)])
    second = run(tmp_path / "2", [("a", "d", "new", False), ("b", "d", None, True)])
    third = run(tmp_path / "3", [("c", "d", "x", False), ("z", "d", None, True)])
    assert merged(tmp_path, (3, third), (1, first), (2, second)) == [("a", "new"), ("c", "x")]


def test_more_runs_than_may_be_open_give_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        (rank, run(tmp_path / f"{rank}", [(f"u{n % 7}", "d", f"s{rank}", n % 5 == 0)]))
        for n in range(30)
        if (rank := n + 1)
    ]
    wide = merged(tmp_path, *runs)
    monkeypatch.setattr(merging, "FAN_IN", 3)
    assert merged(tmp_path, *runs) == wide
    assert len(wide) > 3


def test_a_base_meets_its_changes_in_key_order(tmp_path: Path) -> None:
    merged(tmp_path, (1, run(tmp_path / "1", [(u, "d", "base", False) for u in "bdf"])))
    base = (tmp_path / "merged.parquet").rename(tmp_path / "base.parquet")
    changes = run(
        tmp_path / "2", [("a", "d", "n", False), ("d", "d", "n", False), ("f", "d", None, True)]
    )
    assert merged(tmp_path, (1, changes), base=base) == [("a", "n"), ("b", "base"), ("d", "n")]


def test_one_key_twice_in_an_export_is_refused_even_across_its_runs(tmp_path: Path) -> None:
    runs = [(1, run(tmp_path / name, [("a", "d", name, False)])) for name in "xy"]
    with pytest.raises(RepeatedItem, match="twice"):
        merged(tmp_path, *runs)


def test_one_item_of_two_tables_is_refused(tmp_path: Path) -> None:
    mine = run(tmp_path / "1", [("a", "d", "x", False)], "arn:1")
    theirs = run(tmp_path / "2", [("a", "d", "y", False)], "arn:2")
    with pytest.raises(RepeatedItem, match="arn:1, arn:2"):
        merged(tmp_path, (1, mine), (1, theirs))


def test_an_item_that_moved_from_one_table_to_another_is_kept_once(tmp_path: Path) -> None:
    left = run(tmp_path / "1", [("a", "d", None, True)], "arn:1")
    arrived = run(tmp_path / "2", [("a", "d", "y", False)], "arn:2")
    assert merged(tmp_path, (1, left), (1, arrived)) == [("a", "y")]


def test_row_groups_have_one_size_whatever_the_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "ROW_GROUP_ROWS", 8)
    users = [f"u{n:03}" for n in range(50)]
    one = run(tmp_path / "one", [(u, "d", "s", False) for u in users])
    merged(tmp_path, (1, one))
    whole = (tmp_path / "merged.parquet").read_bytes()
    parts = [
        (1, run(tmp_path / f"p{n}", [(u, "d", "s", False) for u in users[n::3]])) for n in range(3)
    ]
    merged(tmp_path, *parts)
    assert (tmp_path / "merged.parquet").read_bytes() == whole
    metadata = pq.read_metadata(tmp_path / "merged.parquet")
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [8] * 6 + [2]
