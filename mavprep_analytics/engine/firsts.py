"""The first of each key over attempts, after a night: of what was there and what came, the earlier one.

Where a first one went, the next after it is in no table: such a student is computed from all attempts. So
is one with two attempts at the same time, between which the model decides by more than the time.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.model import written_model
from mavprep_analytics.tables import TABLES, Layer, Table
from mavprep_analytics.tables.declaration import user_id

_AGAIN = Table("again", Layer.STEP, "nights", "student", ("user_id",), (user_id(),))

Sides = Mapping[str, Sequence[Path]]
"""Files of `held`, the rows so far, and of `went` and `came`, what the touched attempts alone gave and give."""


def students_to_compute(engine: Engine, name: str, sides: Sides, path: Path) -> None:
    """Write the students whose rows do not follow from the sides."""
    table = TABLES[name]
    same = _equal("held", "moved", (*table.key, table.first_by))
    text = f"""
        with moved as (select * from went union all select * from came)
        select distinct held.user_id from held inner join moved on {same}
    """  # noqa: S608 - names of declared columns
    engine.run(Job(written_model("again", text), _AGAIN, sides, {}), path)


def merge_firsts(engine: Engine, name: str, sides: Sides, path: Path) -> None:
    """Write the rows that the students in `held` and `came` have after a night.

    Args:
        engine: what merges, so that the rows are those, byte for byte, that it writes from all attempts.
        name: of the table.
        sides: also `again`, the students of `students_to_compute`, and `whole`, their rows.
        path: the file to write.
    """
    table = TABLES[name]
    columns = [column.name for column in table.columns]
    text = f"""
        with rest as ({_earlier(table, "held", "came")} union all {_earlier(table, "came", "held")}),
        firsts as (
            select {_of("rest", columns)}
            from rest left join again on rest.user_id = again.user_id
            where again.user_id is null
            union all
            select {_of("whole", columns)} from whole
        ),
        students as (
            select user_id, row_number() over (order by user_id) as student from firsts group by user_id
        )
        select {_of("firsts", columns)}
        from firsts inner join students on firsts.user_id = students.user_id
        order by {", ".join(("students.student", *(f"firsts.{name}" for name in table.key[1:])))}
    """  # noqa: S608 - names of declared columns
    engine.run(Job(written_model(name, text), table, sides, {}), path)


def _earlier(table: Table, one: str, other: str) -> str:
    """Return the query of one side's rows without those that the other has from an earlier attempt."""
    columns = _of(one, (column.name for column in table.columns))
    return f"""
        select {columns} from {one} left join {other} on {_equal(one, other, table.key)}
        where {other}.user_id is null or {one}.{table.first_by} < {other}.{table.first_by}
    """  # noqa: S608 - names of declared columns


def _equal(one: str, other: str, columns: Iterable[str]) -> str:
    return " and ".join(f"{one}.{name} = {other}.{name}" for name in columns)


def _of(relation: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{relation}.{name}" for name in columns)
