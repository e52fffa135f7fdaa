"""Publishing lake versions into a real Postgres."""

import random
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row
from published_rows import Row, commit, new_lake, rows
from small_catalogue import IDS, Ids

from mavprep_analytics.errors import DataRefused, Misconfigured, Overtaken, Temporary
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.publication import Published, publish, published_tables
from mavprep_analytics.publication.ledger import last_published_before, newest
from mavprep_analytics.tables import TABLES, Table

DAY = date(2026, 11, 15)


@pytest.fixture
def database_url(filled_database: str) -> str:
    return filled_database


@pytest.fixture
def ids() -> Ids:
    return IDS


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return new_lake(tmp_path)


@pytest.fixture(params=[0, 10**9], ids=["compared with the lake", "loaded whole"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which a changed table is brought up to date, whatever its size."""
    module = import_module("mavprep_analytics.publication.publish")
    monkeypatch.setattr(module, "_WORTH_COMPARING", request.param)


def run(database_url: str, lake: Lake, version: Version, as_of: date = DAY) -> Published:
    return publish(database_url, lake, version, as_of, code_version="test", sleep=lambda _: None)


def read(database_url: str, table: Table) -> dict[tuple[Any, ...], Row]:
    names = [sql.Identifier(column.name) for column in table.columns]
    query = sql.SQL("select {}, updated_at from {}").format(
        sql.SQL(", ").join(names), sql.Identifier(table.postgres_name)
    )
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        found = connection.execute(query).fetchall()
    return {tuple(str(row[name]) for name in table.key): row for row in found}


def as_published(table: Table, given: list[Row]) -> dict[tuple[Any, ...], Row]:
    return {tuple(str(row[name]) for name in table.key): row for row in given}


def one(database_url: str, query: str) -> Any:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(sql.SQL(query)).fetchone()
    assert row
    return row[0]


@pytest.mark.parametrize("table", published_tables(), ids=lambda table: table.name)
def test_the_published_rows_are_the_lakes_rows(
    database_url: str, ids: Ids, lake: Lake, table: Table
) -> None:
    given = rows(table, 1000, ids)
    result = run(database_url, lake, commit(lake, {table.name: given}))
    assert result.tables[table.name].upserted == len(given)
    found = read(database_url, table)
    for key, row in as_published(table, given).items():
        published = {
            k: str(v) if k.endswith("_id") and v is not None else v for k, v in found[key].items()
        }
        assert {name: published[name] for name in row} == row
    assert len(found) == len(given)


def test_publishing_twice_changes_no_row_and_notes_no_publication(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    content = {t.name: rows(t, 50, ids) for t in published_tables()}
    version = commit(lake, content)
    first = run(database_url, lake, version)
    before = {t.name: read(database_url, t) for t in published_tables()}
    second = run(database_url, lake, version)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert second.changed_rows == 0
    assert (
        second.sequence
        == first.sequence
        == one(database_url, "select count(*) from analytics_publications")
    )
    assert {t.name: read(database_url, t) for t in published_tables()} == before


@pytest.mark.usefixtures("way")
def test_a_value_that_comes_or_goes_is_a_change(database_url: str, ids: Ids, lake: Lake) -> None:
    first, *others = rows(TABLES["rankings"], 5, ids)
    for night, previous in enumerate((None, 7, None)):
        content = [first | {"previous_rank": previous}, *others]
        done = run(database_url, lake, commit(lake, {"rankings": content}), DAY + timedelta(night))
        assert done.tables["rankings"].upserted == (1 if night else 5)
    stored = read(database_url, TABLES["rankings"])
    assert (
        stored[tuple(str(first[name]) for name in TABLES["rankings"].key)]["previous_rank"] is None
    )


@pytest.mark.usefixtures("way")
def test_only_changed_rows_are_touched_and_vanished_ones_deleted(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    table = TABLES["rankings"]
    given = rows(table, 100, ids)
    run(database_url, lake, commit(lake, {"rankings": given}))
    before = read(database_url, table)
    changed = {**given[0], "rank": given[0]["rank"] + 1}
    result = run(
        database_url, lake, commit(lake, {"rankings": [changed, *given[2:]]}), DAY + timedelta(1)
    )
    after = read(database_url, table)
    assert (result.tables["rankings"].upserted, result.tables["rankings"].deleted) == (1, 1)
    assert len(after) == 99
    moved = [key for key, row in after.items() if row["updated_at"] != before[key]["updated_at"]]
    assert moved == [tuple(str(changed[name]) for name in table.key)]


@pytest.mark.usefixtures("way")
def test_a_new_date_with_equal_numbers_is_a_publication_that_touches_no_row(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    version = commit(lake, {"rankings": rows(TABLES["rankings"], 20, ids)})
    run(database_url, lake, version)
    result = run(database_url, lake, version, DAY + timedelta(1))
    assert (result.sequence, result.unchanged, result.changed_rows) == (2, False, 0)


@pytest.mark.usefixtures("way")
def test_a_row_that_someone_deleted_comes_back(database_url: str, ids: Ids, lake: Lake) -> None:
    version = commit(lake, {"rankings": rows(TABLES["rankings"], 20, ids)})
    run(database_url, lake, version)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "delete from analytics_rankings where ctid in (select ctid from analytics_rankings limit 3)"
        )
    result = run(database_url, lake, version)
    assert (result.unchanged, result.tables["rankings"].upserted) == (False, 3)


@pytest.mark.usefixtures("way")
def test_exact_numbers_lose_their_trailing_zeros_and_nul_is_replaced(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    row = rows(TABLES["rankings"], 1, ids)[0] | {"value": Decimal("7.50"), "user_id": "a\0b"}
    run(database_url, lake, commit(lake, {"rankings": [row]}))
    assert (
        one(database_url, "select value::text || user_id from analytics_rankings") == "7.5a\ufffdb"
    )


def test_a_repeated_key_is_refused_and_changes_nothing(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    row = rows(TABLES["rankings"], 1, ids)[0]
    twice = commit(
        lake, {"rankings": [row, row], "student_week": rows(TABLES["student_week"], 5, ids)}
    )
    with pytest.raises(DataRefused, match="analytics_rankings: CardinalityViolation"):
        run(database_url, lake, twice)
    assert one(database_url, "select count(*) from analytics_student_week") == 0


def test_a_version_without_all_tables_is_refused(database_url: str, ids: Ids, lake: Lake) -> None:
    entry = lake.write("rankings", TABLES["rankings"].arrow_schema, [], {})
    version = lake.commit({"rankings": entry}, base=lake.head())
    with pytest.raises(DataRefused, match=r"lacks the tables .*topic_mastery"):
        run(database_url, lake, version)


def test_a_reference_that_left_the_catalogue_asks_for_another_run(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    row = rows(TABLES["question_options"], 1, ids)[0] | {
        "question_id": "00000000-0000-0000-0000-00000000dead"
    }
    with pytest.raises(Temporary, match="catalogue lost"):
        run(database_url, lake, commit(lake, {"question_options": [row]}))


def test_the_counts_of_questions_are_updated_only_where_they_differ(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    counts: list[Row] = [
        {"question_id": q, "times_answered": n, "correct_count": 0, "average_time_seconds": None}
        for n, q in enumerate(ids.questions)
    ]
    result = run(database_url, lake, commit(lake, {"question_counts": counts}))
    assert result.tables["question_counts"].upserted == len(ids.questions) - 1  # one has 0 already
    assert one(database_url, "select sum(times_answered) from questions") == sum(
        range(len(ids.questions))
    )
    again = run(database_url, lake, commit(lake, {"rankings": []}), DAY + timedelta(1))
    assert again.tables["question_counts"].changed == 0


def test_a_migration_of_newer_code_is_a_misconfiguration(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "insert into analytics_migrations values ('analytics/9999_new.sql', 'x')"
        )
    with pytest.raises(Misconfigured, match="9999_new"):
        run(database_url, lake, commit(lake, {}))


def test_an_older_date_is_overtaken(database_url: str, ids: Ids, lake: Lake) -> None:
    version = commit(lake, {})
    run(database_url, lake, version)
    with pytest.raises(Overtaken, match="2026-11-15"):
        run(database_url, lake, version, DAY - timedelta(1))


def test_an_older_lake_version_of_the_same_date_is_overtaken(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    older = commit(lake, {})
    newer = commit(lake, {"rankings": rows(TABLES["rankings"], 5, ids)})
    run(database_url, lake, newer)
    with pytest.raises(Overtaken):
        run(database_url, lake, older)
    assert one(database_url, "select count(*) from analytics_rankings") == 5


def test_a_rebuilt_lake_starts_its_numbers_anew(
    database_url: str, ids: Ids, lake: Lake, tmp_path: Path
) -> None:
    commit(lake, {})
    run(database_url, lake, commit(lake, {"rankings": []}))
    rebuilt = new_lake(tmp_path / "rebuilt")
    given = rows(TABLES["rankings"], 5, ids)
    assert run(database_url, rebuilt, commit(rebuilt, {"rankings": given})).changed_rows == 5


def test_the_ledger_tells_the_newest_and_the_one_of_a_week_before(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    versions = [commit(lake, {"rankings": rows(TABLES["rankings"], n, ids)}) for n in (1, 2, 3)]
    for version, days in zip(versions, (0, 0, 5), strict=True):
        run(database_url, lake, version, DAY + timedelta(days))
    last = newest(database_url)
    assert last
    assert (last.sequence, last.as_of, last.tables["rankings"]["rows"]) == (
        3,
        DAY + timedelta(5),
        3,
    )
    before = last_published_before(database_url, DAY + timedelta(11))
    assert before
    assert (before.sequence, before.lake_version) == (2, versions[1].number)
    assert last_published_before(database_url, DAY + timedelta(6)) is None


def test_the_publication_names_its_inputs(database_url: str, ids: Ids, lake: Lake) -> None:
    version = commit(lake, {}, chain={"tables": {"arn:1": {"head": "now"}}})
    run(database_url, lake, version)
    last = newest(database_url)
    assert last
    assert last.export_chain == {"arn:1": {"head": "now"}}
    assert last.code_version == "test"
    digest = version.tables["rankings"].digest
    assert last.tables["rankings"]["digest"] == digest
    assert one(database_url, "select digests ->> 'rankings' from analytics_publications") == digest
    assert one(database_url, "select row_counts ->> 'rankings' from analytics_publications") == "0"


@pytest.mark.usefixtures("way")
def test_random_histories_always_end_in_the_lakes_rows(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    table, rng = TABLES["rankings"], random.Random(5)
    for day in range(8):
        given = rng.sample(rows(table, 60, ids, seed=day % 3), rng.randint(0, 60))
        run(database_url, lake, commit(lake, {"rankings": given}), DAY + timedelta(day))
        found = read(database_url, table)
        assert {k: found[k]["value"] for k in found} == {
            k: row["value"] for k, row in as_published(table, given).items()
        }


def test_only_what_differs_from_the_version_before_travels(
    database_url: str, ids: Ids, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("mavprep_analytics.publication.publish")
    monkeypatch.setattr(module, "_WORTH_COMPARING", 0)
    given = rows(TABLES["rankings"], 500, ids)
    run(database_url, lake, commit(lake, {"rankings": given}))
    sent: list[int] = []
    upsert = import_module("mavprep_analytics.publication.upsert")
    copy_in = upsert.copy_in
    monkeypatch.setattr(upsert, "copy_in", lambda *a: sent.append(copy_in(*a)))
    changed = {**given[0], "rank": given[0]["rank"] + 1}
    version = commit(lake, {"rankings": [changed, *given[2:]]})
    result = run(database_url, lake, version, DAY + timedelta(1)).tables["rankings"]
    assert (result.rows, result.upserted, result.deleted) == (499, 1, 1)
    assert sent == [1, 1], "one changed row and one vanished key"
