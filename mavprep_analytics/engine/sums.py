"""Adding sums up: what a table of sums held, without what went, with what came."""

from collections.abc import Sequence
from pathlib import Path

from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.model import Model, written_model
from mavprep_analytics.tables import TABLES, Table

_SIGNS = {"held": "", "went": "0 - ", "came": ""}


def add_up(
    engine: Engine,
    name: str,
    held: Sequence[Path],
    went: Sequence[Path],
    came: Sequence[Path],
    path: Path,
) -> None:
    """Write a table of sums after a night; a row without anything left is gone.

    Args:
        engine: what adds, so that the rows are those, byte for byte, that it writes from all inputs.
        name: of the table.
        held: the table's files before.
        went: the sums of the touched inputs as they were.
        came: the sums of the touched inputs as they are.
        path: the file to write.
    """
    inputs = {"held": held, "went": went, "came": came}
    engine.run(Job(_model(TABLES[name]), TABLES[name], inputs, {}), path)


def _model(table: Table) -> Model:
    keys, values = ", ".join(table.key), table.values
    parts = " union all ".join(
        f"select {keys}, {', '.join(f'{sign}{value} as {value}' for value in values)} from {part}"  # noqa: S608
        for part, sign in _SIGNS.items()
    )
    sums = ", ".join(f"cast(sum(parts.{value}) as bigint) as {value}" for value in values)
    left = " or ".join(f"summed.{value} > 0" for value in values)
    text = f"""
        select * from (select {keys}, {sums} from ({parts}) as parts group by {keys}) as summed
        where {left}
    """  # noqa: S608 - names of declared columns
    return written_model(table.name, text)
