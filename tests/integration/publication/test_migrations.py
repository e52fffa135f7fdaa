"""The tables that the migrations make, compared with the declarations; and how migrations are applied."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from published_rows import commit, new_lake

from mavprep_analytics import packaged_files
from mavprep_analytics.errors import DataRefused, Misconfigured
from mavprep_analytics.postgres import Connection
from mavprep_analytics.publication import migrations, publish
from mavprep_analytics.publication.migrations import upgrade
from mavprep_analytics.publication.publish import published_tables
from mavprep_analytics.tables import TABLES, Table
from mavprep_analytics.tables import publication as ledger

BY_DECLARATION = [t for t in published_tables() if t.name != "subject_performance"]
COLUMNS = """
    select attname, format_type(atttypid, atttypmod), not attnotnull
    from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""
CONSTRAINTS = """
    select contype::text, pg_get_constraintdef(oid) from pg_constraint
    where conrelid = to_regclass(%s) and contype in ('p', 'f', 'u')
"""


def declared_columns(table: Table) -> list[tuple[str, str, bool]]:
    return [(c.name, c.type.postgres, c.nullable) for c in table.columns]


def columns(connection: Connection, table: str) -> list[tuple[str, str, bool]]:
    rows = connection.execute(COLUMNS, (table,)).fetchall()
    return [(name, kind.replace(", ", ","), nullable) for name, kind, nullable in rows]


def constraints(connection: Connection, table: str, kind: str) -> list[str]:
    return [
        text
        for found, text in connection.execute(CONSTRAINTS, (table,)).fetchall()
        if found == kind
    ]


def test_the_database_is_as_declared(database_url: str) -> None:
    upgrade(database_url, with_catalogue=True)
    updated_at = ("updated_at", "timestamp with time zone", False)
    with psycopg.connect(database_url) as connection:
        for table in BY_DECLARATION:
            name = table.postgres_name
            assert columns(connection, name) == [*declared_columns(table), updated_at], name
            assert constraints(connection, name, "p") == [f"PRIMARY KEY ({', '.join(table.key)})"]
            assert sorted(constraints(connection, name, "f")) == sorted(foreign_keys(table)), name
        for table in ledger.TABLES:
            name = table.postgres_name
            assert columns(connection, name) == declared_columns(table), name
            assert constraints(connection, name, "p") == [f"PRIMARY KEY ({', '.join(table.key)})"]


def foreign_keys(table: Table) -> list[str]:
    parts = [(c.name, *c.references.split(".")) for c in table.columns if c.references]
    return [
        f"FOREIGN KEY ({name}) REFERENCES {target}({column}) ON DELETE CASCADE"
        for name, target, column in parts
    ]


def test_subject_performance_is_the_table_of_the_schema_document(database_url: str) -> None:
    upgrade(database_url, with_catalogue=True)
    name = "analytics_subject_performance"
    counts = [
        "tests_taken", "questions_answered", "correct_answers", "average_score", "study_time_minutes",
        "easy_correct", "easy_total", "medium_correct", "medium_total", "hard_correct", "hard_total",
    ]  # fmt: skip
    moment = "timestamp without time zone"
    with psycopg.connect(database_url) as connection:
        assert columns(connection, name) == [
            ("id", "uuid", False),
            ("user_id", "character varying(255)", False),
            ("subject_id", "uuid", False),
            ("date", "date", False),
            *((c, "numeric(5,2)" if c == "average_score" else "integer", True) for c in counts),
            ("created_at", moment, True),
            ("updated_at", moment, True),
        ]
        assert constraints(connection, name, "u") == ["UNIQUE (user_id, subject_id, date)"]
        assert constraints(connection, name, "f") == [
            "FOREIGN KEY (subject_id) REFERENCES subjects(id)"
        ]
    declared = {c.name for c in TABLES["subject_performance"].columns}
    assert declared == {"user_id", "subject_id", "date", *counts}


def test_every_foreign_key_column_leads_an_index(database_url: str) -> None:
    upgrade(database_url, with_catalogue=True)
    query = """
        select c.conrelid::regclass::text, c.conkey[1] from pg_constraint c
        where c.contype = 'f' and c.conrelid::regclass::text like 'analytics_%'
        and not exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])
    """
    with psycopg.connect(database_url) as connection:
        assert connection.execute(query).fetchall() == []


def test_publishing_into_a_database_without_migrations_is_a_misconfiguration(
    database_url: str, tmp_path: Path
) -> None:
    lake = new_lake(tmp_path)
    with pytest.raises(Misconfigured, match="mavprep db upgrade"):
        publish(database_url, lake, commit(lake, {}), date(2026, 11, 15), code_version="t")


def test_a_second_upgrade_applies_nothing(database_url: str) -> None:
    assert upgrade(database_url, with_catalogue=True)[0].startswith("catalogue/0001")
    assert upgrade(database_url, with_catalogue=True) == []


def test_a_database_without_catalogue_is_pointed_to_the_option(database_url: str) -> None:
    with pytest.raises(Misconfigured, match=r"lacks the catalogue tables .*--with-catalogue"):
        upgrade(database_url)
    with psycopg.connect(database_url) as connection:
        assert columns(connection, "analytics_migrations") == []


def test_a_table_that_no_migration_made_is_not_replaced(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("create table analytics_rankings (mine text)")
    with pytest.raises(Misconfigured, match=r"0004_rankings.sql would make .*analytics_rankings"):
        upgrade(database_url, with_catalogue=True)
    with psycopg.connect(database_url) as connection:
        assert columns(connection, "subjects") == []


def test_a_table_made_from_the_schema_document_is_kept(database_url: str) -> None:
    upgrade(database_url, with_catalogue=True)
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from analytics_migrations where name like 'analytics/%'")
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_name like 'analytics_%'"
        ).fetchall():
            if name not in ("analytics_subject_performance", "analytics_migrations"):
                connection.execute(sql.SQL("drop table {}").format(sql.Identifier(name)))
    assert "analytics/0002_subject_performance.sql" in upgrade(database_url)


def test_an_edited_file_is_refused() -> None:
    edited = [
        migrations.Migration(m.name, m.text, "other" if n == 1 else m.sha256)
        for n, m in enumerate(migrations.load("analytics"))
    ]
    with pytest.raises(DataRefused, match=r"0002_subject_performance.sql was edited"):
        migrations.pending(edited, {m.name: m.sha256 for m in migrations.load("analytics")})


def test_a_late_number_is_refused() -> None:
    files = [migrations.Migration(f"analytics/000{n}.sql", "", str(n)) for n in (1, 2, 3)]
    with pytest.raises(DataRefused, match=r"0002\.sql precedes .*0003\.sql"):
        migrations.pending(files, {"analytics/0001.sql": "1", "analytics/0003.sql": "3"})


def test_two_upgrades_at_once_apply_each_file_once(database_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: upgrade(database_url, with_catalogue=True), range(2)))
    assert sorted(len(applied) > 0 for applied in results) == [False, True]


def test_migrations_are_found_in_the_installation() -> None:
    assert (packaged_files.packaged_folder("sql") / "migrations" / "analytics").is_dir()
