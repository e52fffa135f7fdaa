"""Building lake tables: run models only when something that their rows depend on has changed, and for whom it has."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from mavprep_analytics.engine.checks import require_declared
from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.files import Files, Inputs, local_paths
from mavprep_analytics.engine.fingerprint import fingerprint, follows, inputs_of
from mavprep_analytics.engine.model import Parameter, load_model
from mavprep_analytics.engine.night import (
    changed_entry,
    files_of,
    followed,
    how_many,
    inputs_before,
    may_be_partial,
    touched_values,
)
from mavprep_analytics.engine.sums import add_up
from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES, Layer

Parameters = Mapping[str, Parameter]
Extra = Mapping[str, TableEntry | None]
Compute = Callable[[Engine, Sequence[str], Files, Parameters, Path], Files]
"""Run models on files and return these and the results' files, by table."""


@dataclass(frozen=True)
class Built:
    """What became of one table.

    Args:
        name: of the table.
        rows: in it now.
        unchanged: whether nothing had to run.
        entry: the table in the lake.
        seconds: wall time that it took.
    """

    name: str
    rows: int
    unchanged: bool
    entry: TableEntry
    seconds: float


def build(
    name: str, lake: Lake, engine: Engine, parameters: Parameters, *, extra: Extra | None = None
) -> Built:
    """Bring one table up to date and commit it; see `build_together`."""
    (built,) = build_together([name], lake, engine, parameters, extra=extra)
    return built


def build_all(
    names: Iterable[str],
    lake: Lake,
    engine: Engine,
    parameters: Parameters,
    *,
    extra: Extra | None = None,
) -> list[Built]:
    """Build tables one after the other; each must come after those that it reads."""
    return [build(name, lake, engine, parameters, extra=extra) for name in names]


def in_order(
    engine: Engine, models: Sequence[str], files: Files, parameters: Parameters, folder: Path
) -> Files:
    """Run models one after the other, each on the files so far."""
    made = dict(files)
    for name in models:
        model, path = load_model(name), folder / f"{name}.parquet"
        read = {table: made[table] for table in model.reads}
        engine.run(Job(model, TABLES[name], read, parameters), path)
        made[name] = [path]
    return made


def build_together(
    models: Sequence[str],
    lake: Lake,
    engine: Engine,
    parameters: Parameters,
    compute: Compute = in_order,
    *,
    extra: Extra | None = None,
) -> list[Built]:
    """Bring the tables of some models up to date and commit them, unless their inputs are the same.

    Tables that are computed student by student get a change with the rows of the students that the inputs'
    changes touched; to tables of sums is added what came, and taken away what went; all others are computed
    whole.

    Args:
        models: in order of dependence; those of the layer `step` are not committed.
        lake: where the inputs lie and the results go.
        engine: what computes them.
        parameters: of the run; only those that the models name count.
        compute: how the models are run.
        extra: inputs that are not at the lake's head, e.g. `previous_rankings`; None stands for a table
            without rows.

    Raises:
        InputMissing: the lake lacks a table that a model reads.
        ModelRefused: a model is wrong.
        TableRefused: a result breaks its declaration; nothing was committed.
        Overtaken: another run committed one of the tables meanwhile.
    """
    start, base = time.perf_counter(), lake.head()
    inputs = inputs_of(models, base, extra or {})
    digests = fingerprint(models, inputs, parameters)
    run = _Run(lake, engine, models, parameters, compute, inputs, digests)
    current = {name: base.tables[name] for name in run.tables if name in base.tables}
    is_known = len(current) == len(run.tables)
    if is_known and all(dict(entry.inputs) == digests for entry in current.values()):
        return _built(current, start, unchanged=True)
    with lake.staging() as folder:
        values = _touched(run, base, current, folder) if is_known else None
        entries = (
            _whole(run, folder) if values is None else _after_night(run, current, values, folder)
        )
    for name, entry in entries.items():
        require_declared(name, entry, lake, base)
    lake.commit(entries, base=base)
    return _built(entries, start, unchanged=False)


@dataclass(frozen=True)
class _Run:
    """Some models, and what they are to be run on."""

    lake: Lake
    engine: Engine
    models: Sequence[str]
    parameters: Parameters
    compute: Compute
    inputs: Inputs
    digests: Mapping[str, str]

    @property
    def tables(self) -> list[str]:
        return [name for name in self.models if TABLES[name].layer is not Layer.STEP]

    def on(self, files: Files, folder: Path) -> Files:
        return self.compute(self.engine, self.models, files, self.parameters, folder)


def _touched(
    run: _Run, base: Version, current: Mapping[str, TableEntry], folder: Path
) -> Path | None:
    """Return the values that the night touched; None: everything is to be computed."""
    if not may_be_partial(current, run.digests):
        return None
    columns, before = followed(run.tables), current[run.tables[0]].inputs
    everyone = how_many(columns, base.tables, run.inputs)
    return touched_values(run.lake, columns, before, run.inputs, everyone, folder)


def _whole(run: _Run, folder: Path) -> dict[str, TableEntry]:
    files = {name: local_paths(name, e, run.lake, folder) for name, e in run.inputs.items()}
    made = run.on(files, folder)
    return {
        name: TableEntry(tuple(run.lake.add_file(name, path) for path in made[name]), run.digests)
        for name in run.tables
    }


def _after_night(
    run: _Run, current: Mapping[str, TableEntry], values: Path, folder: Path
) -> dict[str, TableEntry]:
    if pq.read_metadata(values).num_rows == 0:
        return {name: replace(entry, inputs=run.digests) for name, entry in current.items()}
    lake, columns = run.lake, followed(run.tables)
    files = files_of(lake, run.inputs, columns, values, folder)
    came = _of_rows(run, files, columns, folder / "came")
    if all(TABLES[name].by_student for name in run.tables):
        return {
            name: changed_entry(lake, name, entry, came[name], values, run.digests)
            for name, entry in current.items()
        }
    before = inputs_before(run.inputs, columns, current[run.tables[0]].inputs)
    files = files_of(lake, before, columns, values, folder)
    went = _of_rows(run, files, columns, folder / "went")
    entries = {}
    for name, entry in current.items():
        path = folder / f"{name}.parquet"
        add_up(run.engine, name, lake.local_files(entry), went[name], came[name], path)
        entries[name] = TableEntry((lake.add_file(name, path),), run.digests)
    return entries


def _of_rows(run: _Run, files: Files, columns: Iterable[str], folder: Path) -> Files:
    """Run the models on a night's rows; nothing runs on none."""
    folder.mkdir()
    held = [path for name, paths in files.items() if follows(name, columns) for path in paths]
    if any(pq.read_metadata(path).num_rows for path in held):
        return run.on(files, folder)
    return {name: local_paths(name, None, run.lake, folder) for name in run.tables}


def _built(entries: Mapping[str, TableEntry], start: float, *, unchanged: bool) -> list[Built]:
    seconds = (time.perf_counter() - start) / len(entries)
    return [Built(name, entry.rows, unchanged, entry, seconds) for name, entry in entries.items()]
