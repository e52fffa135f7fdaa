"""Erasing a student from a real Postgres, and keeping him out of later publications."""

from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from published_rows import Row, commit, new_lake, rows
from small_catalogue import IDS

from mavprep_analytics.erased_users import person_columns
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.publication import publish, published_tables
from mavprep_analytics.publication.erasure import erase
from mavprep_analytics.tables import TABLES, Table

DAY = date(2026, 11, 15)
CANARY = "canary-user"


@pytest.fixture
def database_url(filled_database: str) -> str:
    return filled_database


def with_canary(given: list[Row], table: Table) -> list[Row]:
    return [
        {**row, **(dict.fromkeys(person_columns(table), CANARY) if number == 0 else {})}
        for number, row in enumerate(given)
    ]


def occurrences(database_url: str) -> dict[str, int]:
    """Count the rows that name the canary anywhere, table by table."""
    with psycopg.connect(database_url) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_name like 'analytics_%'"
        ).fetchall()
        counts = {}
        for (name,) in names:
            query = sql.SQL("select count(*) from {} as t where t::text like {}")
            found = connection.execute(
                query.format(sql.Identifier(name), sql.Literal(f"%{CANARY}%"))
            ).fetchone()
            assert found
            counts[name] = found[0]
    return {name: count for name, count in counts.items() if count}


def test_an_erased_student_is_gone_at_once_and_stays_out_of_later_publications(
    database_url: str, tmp_path: Path
) -> None:
    ids, lake = IDS, new_lake(tmp_path)
    content = {t.name: with_canary(rows(t, 5, ids), t) for t in published_tables()}
    content["rankings"][0] |= {"metric": "reputation", "scope": "global", "scope_key": ""}
    content["core_reputations"] = [{"user_id": CANARY, "table_arn": "arn", "reputation": 1}]
    version = commit(lake, content)
    publish(database_url, lake, version, DAY, code_version="test")
    shown = occurrences(database_url)
    assert {
        "analytics_rankings",
        "analytics_rank_writes",
        "analytics_unresolved_references",
    } <= set(shown)

    erased = erase(database_url, CANARY)
    assert erased.deleted == shown
    assert occurrences(database_url) == {}

    publish(database_url, lake, version, DAY + timedelta(1), code_version="test")
    content["rankings"].append(content["rankings"][0] | {"scope_key": "moved"})
    publish(database_url, lake, commit(lake, content), DAY + timedelta(2), code_version="test")
    assert occurrences(database_url) == {}


def test_the_outbox_and_the_suppressions_forget_an_erased_student(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "insert into analytics_mail_suppressions (scope, key, reason) values ('user', %s, 'asked')",
            (CANARY,),
        )
        connection.execute(
            "insert into analytics_weekly_reports (user_id, week_start, kind, language, timezone, due_at,"
            " payload, payload_version, subject, as_of, lake_version, status)"
            " values (%s, '2026-11-09', 'full', 'en', 'UTC', now(), '{}', 1, 's', '2026-11-15', 1, 'ready')",
            (CANARY,),
        )
    deleted = erase(database_url, CANARY).deleted
    assert deleted == {"analytics_mail_suppressions": 1, "analytics_weekly_reports": 1}
    assert occurrences(database_url) == {}


def test_erasing_twice_is_harmless_and_an_unknown_student_is_listed(database_url: str) -> None:
    first, second = erase(database_url, "nobody"), erase(database_url, "nobody")
    assert (first.was_listed, second.was_listed) == (False, True)
    assert first.deleted == second.deleted == {}


def test_the_list_holds_no_id(database_url: str) -> None:
    erase(database_url, CANARY)
    with psycopg.connect(database_url) as connection:
        row = connection.execute("select user_hash from analytics_erased_users").fetchone()
    assert row
    assert len(row[0]) == 64
    assert CANARY not in row[0]


def test_an_empty_id_is_refused(database_url: str) -> None:
    with pytest.raises(Misconfigured, match="empty"):
        erase(database_url, "")


def test_every_published_table_with_people_says_so() -> None:
    people = {t.name for t in published_tables() if "user_id" in [c.name for c in t.columns]}
    assert people <= {t.name for t in TABLES.values() if person_columns(t)}
