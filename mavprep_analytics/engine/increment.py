"""From a table's rows and what a night touched to its rows now, without a look at all the rest.

By student or by attempt: the new rows replace those of the touched ones. Firsts: the earlier of what was there
and what came. Sums: without what went, with what came.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from mavprep_analytics.engine.files import Files
from mavprep_analytics.engine.firsts import merge_firsts, students_to_compute
from mavprep_analytics.engine.night import Night, restricted, students_of
from mavprep_analytics.engine.run import Run
from mavprep_analytics.engine.sums import add_up
from mavprep_analytics.lake import Change, TableEntry
from mavprep_analytics.lake.live import KEY, count_rows
from mavprep_analytics.tables import TABLES

Entries = Mapping[str, TableEntry]


def after_night(run: Run, night: Night, current: Entries, values: Path, folder: Path) -> Entries:
    """Return the entries of a run's tables, all followed in one way, after a night.

    Args:
        run: the models.
        night: what changed in their inputs.
        current: the entries before it.
        values: the file of `Night.touched`.
        folder: an empty one to work in.
    """
    if pq.read_metadata(values).num_rows == 0:
        return {name: replace(entry, inputs=run.digests) for name, entry in current.items()}
    came = run.on_some(night.files_now(values, folder), night.columns, folder / "came")
    table = TABLES[run.tables[0]]
    if table.by_student or table.by_attempt:
        return {
            name: _changed(run, name, current[name], came[name][0], values, None)
            for name in run.tables
        }
    went = run.on_some(night.files_before(values, folder), night.columns, folder / "went")
    if table.first_by:
        return _with_firsts(run, night, current, values, {"went": went, "came": came}, folder)
    return {name: _added_up(run, name, current[name], went, came, folder) for name in run.tables}


def _changed(
    run: Run, name: str, current: TableEntry, rows: Path, keys: Path, hidden: int | None
) -> TableEntry:
    """Return the entry with these rows in place of those of the values in `keys`, which may be counted already."""
    replaced = count_rows(*run.lake.parts(current), keys) if hidden is None else hidden
    copied = run.lake.add_copy(name, keys)
    change = Change(run.lake.add_file(name, rows), copied, replaced)
    return TableEntry(current.files, run.digests, (*current.changes, change))


def _added_up(
    run: Run, name: str, current: TableEntry, went: Files, came: Files, folder: Path
) -> TableEntry:
    path = folder / f"{name}.parquet"
    add_up(run.engine, name, run.lake.local_files(current), went[name], came[name], path)
    return TableEntry((run.lake.add_file(name, path),), run.digests)


def _with_firsts(
    run: Run,
    night: Night,
    current: Entries,
    values: Path,
    moved: Mapping[str, Files],
    folder: Path,
) -> Entries:
    """Return the entry of the one table of firsts, with the rows of the touched attempts' students."""
    ((name, entry),) = current.items()
    students = students_of(values, folder)
    held = restricted(run.lake, entry, students)
    again, path = folder / "again.parquet", folder / f"{name}.parquet"
    sides = {"held": [held], **{side: files[name] for side, files in moved.items()}}
    students_to_compute(run.engine, name, sides, again)
    files = replace(night, columns=(KEY,)).files_now(again, folder)
    whole = run.on_some(files, (KEY,), folder / "whole")
    merge_firsts(run.engine, name, {**sides, "again": [again], "whole": whole[name]}, path)
    hidden = pq.read_metadata(held).num_rows
    return {name: _changed(run, name, entry, path, students, hidden)}
