"""The declarations hold together."""

import re

import pytest

from mavprep_analytics.tables import TABLES, Layer, Pii, Table
from mavprep_analytics.tables.declaration import BIGINT, TEXT, Column

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))


@every_table
def test_names_are_plain_and_explained(table: Table) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", table.name)
    assert table.grain
    for column in table.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert column.meaning.endswith(".")


@every_table
def test_a_key_is_never_null(table: Table) -> None:
    assert table.key
    assert not [name for name in table.key if table[name].nullable]


@every_table
def test_a_column_that_may_be_null_says_what_null_means(table: Table) -> None:
    assert [c.name for c in table.columns if c.nullable and "ull" not in c.meaning] == []


def test_names_and_addresses_stand_in_one_core_table_only() -> None:
    holders = {
        table.name
        for table in TABLES.values()
        for column in table.columns
        if column.pii is Pii.IDENTITY and table.layer in (Layer.RAW, Layer.CORE, Layer.CATALOGUE)
    }
    assert holders == {"core_identities"}


@pytest.mark.parametrize(
    "table", [t for t in TABLES.values() if t.sums_by], ids=lambda table: table.name
)
def test_a_table_of_sums_holds_whole_numbers_of_which_one_says_that_there_is_something(
    table: Table,
) -> None:
    values = [table[name] for name in table.values]
    assert {column.type for column in values} == {BIGINT}
    assert all(column.minimum is not None for column in values)
    assert max(float(column.minimum or 0) for column in values) >= 1
    assert not {column.name for column in table.columns} & {"user_id"}


def test_a_key_outside_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        Table("t", Layer.MART, "g", "thing", ("missing",), (Column("a", TEXT, "A."),))
