"""The migrations make exactly the tables that are declared."""

import psycopg
import pytest

from mavprep_analytics.tables import Table
from mavprep_analytics.tables.weekly_reports import TABLES

_COLUMNS = """
select column_name, data_type, is_nullable = 'YES'
from information_schema.columns where table_name = %s order by ordinal_position
"""
_KEY = """
select array_agg(attname::text order by array_position(indkey::int2[], attnum))
from pg_index inner join pg_attribute on attrelid = indrelid and attnum = any (indkey)
where indrelid = %s::regclass and indisprimary
"""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_types_nulls_and_key_are_as_declared(database_url: str, table: Table) -> None:
    with psycopg.connect(database_url) as connection:
        columns = connection.execute(_COLUMNS, (table.postgres_name,)).fetchall()
        key = connection.execute(_KEY, (table.postgres_name,)).fetchone()

    declared = [(c.name, c.type.postgres, c.nullable) for c in table.columns]
    assert columns == declared
    assert key == (list(table.key),)
