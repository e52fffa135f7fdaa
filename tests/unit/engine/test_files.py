from datetime import date
from pathlib import Path

import pytest
from lake_builders import Row, add_tables, answer, attempt, make_lake, rows_in, uuid_of, write_rows

from mavprep_analytics.engine import DuckDBEngine, Job, build, run_parameters
from mavprep_analytics.engine.files import FILE_BY_FILE
from mavprep_analytics.lake import Lake, TableEntry

PARAMETERS = run_parameters(date(2025, 4, 6), "UTC")
QUESTIONS = {"catalogue_questions": [{"question_id": uuid_of("q"), "topic_id": uuid_of("t")}]}


class CountingEngine(DuckDBEngine):
    """DuckDB that counts its jobs."""

    jobs = 0

    def run(self, job: Job, output: Path) -> int:
        self.jobs += 1
        return super().run(job, output)


def month(*users: str) -> list[Row]:
    return [attempt(u, "t", at=1e9, answers=[answer(1, uuid_of("q"), True)]) for u in users]


def set_months(lake: Lake, *months: list[Row]) -> None:
    files = [write_rows(lake, "core_attempts", rows).files[0] for rows in months]
    lake.commit({"core_attempts": TableEntry(tuple(files))}, base=lake.head())


def users(lake: Lake) -> list[str]:
    return [row["user_id"] for row in rows_in(lake, "graded_answers")]


def test_each_file_of_attempts_gives_one_file_of_answers(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, QUESTIONS)
    set_months(lake, month("a", "c"), month("b"))
    built = build("graded_answers", lake, DuckDBEngine(), PARAMETERS)
    assert [file.rows for file in built.entry.files] == [2, 1]
    assert users(lake) == ["a", "c", "b"]


def test_only_a_changed_file_is_computed_again(tmp_path: Path) -> None:
    lake, engine = make_lake(tmp_path, QUESTIONS), CountingEngine()
    set_months(lake, month("a"), month("b"))
    before = build("graded_answers", lake, engine, PARAMETERS)
    assert engine.jobs == 2
    set_months(lake, month("a"), month("b", "d"), month("c"))
    after = build("graded_answers", lake, engine, PARAMETERS)
    assert engine.jobs == 4
    assert after.entry.files[0] == before.entry.files[0]
    assert users(lake) == ["a", "b", "d", "c"]


def test_a_file_that_is_gone_takes_its_rows_along(tmp_path: Path) -> None:
    lake, engine = make_lake(tmp_path, QUESTIONS), CountingEngine()
    set_months(lake, month("a"), month("b"))
    build("graded_answers", lake, engine, PARAMETERS)
    set_months(lake, month("b"))
    assert not build("graded_answers", lake, engine, PARAMETERS).unchanged
    assert (engine.jobs, users(lake)) == (2, ["b"])


def test_a_change_of_another_input_computes_every_file_again(tmp_path: Path) -> None:
    lake, engine = make_lake(tmp_path, QUESTIONS), CountingEngine()
    set_months(lake, month("a"), month("b"))
    build("graded_answers", lake, engine, PARAMETERS)
    add_tables(lake, {"catalogue_questions": []})
    build("graded_answers", lake, engine, PARAMETERS)
    assert (engine.jobs, users(lake)) == (4, [])


def test_files_that_do_not_lie_in_key_order_are_sorted(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, QUESTIONS)
    set_months(lake, month("b", "a", "c"))
    build("graded_answers", lake, DuckDBEngine(), PARAMETERS)
    assert users(lake) == ["a", "b", "c"]


def test_no_attempts_are_one_file_without_rows(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, QUESTIONS)
    lake.commit({"core_attempts": TableEntry(())}, base=lake.head())
    built = build("graded_answers", lake, DuckDBEngine(), PARAMETERS)
    assert [file.rows for file in built.entry.files] == [0]
    assert build("graded_answers", lake, DuckDBEngine(), PARAMETERS).unchanged


@pytest.mark.parametrize("table", FILE_BY_FILE)
def test_a_table_built_file_by_file_equals_one_built_at_once(table: str, tmp_path: Path) -> None:
    lake, whole = make_lake(tmp_path / "a", QUESTIONS), make_lake(tmp_path / "b", QUESTIONS)
    set_months(lake, month("a", "c"), month("b"))
    set_months(whole, month("a", "b", "c"))
    for place in (lake, whole):
        build(table, place, DuckDBEngine(), PARAMETERS)
    together = sorted(rows_in(lake, table), key=lambda row: str(row["user_id"]))
    assert together == rows_in(whole, table)
