from pathlib import Path

import pyarrow.parquet as pq
import pytest
from lake_builders import Row, make_lake, write_rows

from mavprep_analytics.engine import DuckDBEngine, Job, ModelRefused
from mavprep_analytics.engine.model import Model, parse_step
from mavprep_analytics.errors import Temporary
from mavprep_analytics.tables import TABLES

HEADER = "-- what: one row per x\n-- reads: core_decks\n-- why: y\n-- notes: z\n"
TABLE = TABLES["unresolved_references"]
SELECT = (
    "select 'test' as kind, deck_id as reference, 1 as occurrences, 0 as first_seen, "
    "0 as last_seen from core_decks"
)


def job(folder: Path, sql: str, rows: list[Row]) -> Job:
    lake = make_lake(folder)
    files = lake.local_files(write_rows(lake, "core_decks", rows))
    step = parse_step("unresolved_references", HEADER + sql)
    return Job(Model("unresolved_references", (step,)), TABLE, {"core_decks": files}, {})


def decks(count: int) -> list[Row]:
    return [{"user_id": "u", "deck_id": f"{i * 7919 % count:08}"} for i in range(count)]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_same_bytes_come_from_any_number_of_threads(tmp_path: Path, threads: int) -> None:
    wanted = tmp_path / "one"
    DuckDBEngine(threads=1).run(job(tmp_path, SELECT, decks(5000)), wanted)
    found = tmp_path / "many"
    assert DuckDBEngine(threads=threads).run(job(tmp_path, SELECT, decks(5000)), found) == 5000
    assert found.read_bytes() == wanted.read_bytes()


def test_rows_come_in_the_order_of_the_key(tmp_path: Path) -> None:
    path = tmp_path / "x"
    DuckDBEngine().run(job(tmp_path, SELECT, decks(100)), path)
    references = pq.read_table(path)["reference"].to_pylist()
    assert references == [f"{i:08}" for i in range(100)]


def test_a_model_cannot_open_files_that_are_not_its_inputs(tmp_path: Path) -> None:
    secret = tmp_path / "secret.parquet"
    pq.write_table(TABLE.arrow_schema.empty_table(), secret)
    hostile = job(tmp_path, SELECT, [])
    sql = HEADER.replace("core_decks", str(secret)) + SELECT.replace("core_decks", f'"{secret}"')
    model = Model("unresolved_references", (parse_step("unresolved_references", sql),))
    with pytest.raises(ModelRefused, match="disabled by configuration"):
        DuckDBEngine().run(Job(model, TABLE, hostile.inputs, {}), tmp_path / "x")


def test_too_little_memory_is_temporary_and_names_the_setting(tmp_path: Path) -> None:
    wide = f"{SELECT} cross join (select unnest([1, 2, 3, 4, 5, 6, 7, 8]) as a) as b"
    with pytest.raises(Temporary, match="MAVPREP_ENGINE_MEMORY"):
        DuckDBEngine(memory="1MB").run(job(tmp_path, wide, decks(20000)), tmp_path / "x")


def test_a_spilling_folder_is_left_empty(tmp_path: Path) -> None:
    scratch = tmp_path / "spill"
    scratch.mkdir()
    DuckDBEngine(scratch=scratch).run(job(tmp_path, SELECT, decks(10)), tmp_path / "x")
    assert list(scratch.iterdir()) == []
