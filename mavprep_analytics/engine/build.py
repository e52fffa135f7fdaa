"""Building lake tables: run models only when something that their rows depend on has changed, and for whom it has."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mavprep_analytics.engine.checks import require_declared
from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.files import Files, local_paths
from mavprep_analytics.engine.fingerprint import fingerprint, inputs_of
from mavprep_analytics.engine.increment import after_night
from mavprep_analytics.engine.model import load_model
from mavprep_analytics.engine.night import Night, followed, how_many, may_be_partial
from mavprep_analytics.engine.run import Compute, Parameters, Run
from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES

Extra = Mapping[str, TableEntry | None]


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

    Tables that are computed student by student, or attempt by attempt, get a change with the rows of those
    that the inputs' changes touched; a table of firsts gets one of the touched attempts' students; to tables of
    sums is added what came, and taken away what went; all others are computed whole.

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
    run = Run(lake, engine, models, parameters, compute, inputs, digests)
    current = {name: base.tables[name] for name in run.tables if name in base.tables}
    is_known = len(current) == len(run.tables)
    if is_known and all(dict(entry.inputs) == digests for entry in current.values()):
        return _built(current, start, unchanged=True)
    with lake.staging() as folder:
        partial = _increment(run, base, current, folder) if is_known else None
        entries = partial or _whole(run, folder)
    for name, entry in entries.items():
        require_declared(name, entry, lake, base)
    lake.commit(entries, base=base)
    return _built(entries, start, unchanged=False)


def _increment(
    run: Run, base: Version, current: Mapping[str, TableEntry], folder: Path
) -> Mapping[str, TableEntry] | None:
    """Return the entries after a night; None: everything is to be computed."""
    if not may_be_partial(current, run.digests):
        return None
    columns, before = followed(run.tables), current[run.tables[0]].inputs
    night = Night(run.lake, columns, before, run.inputs, run.mentions)
    values = night.touched(how_many(columns, base.tables, run.inputs), folder)
    return None if values is None else after_night(run, night, current, values, folder)


def _whole(run: Run, folder: Path) -> dict[str, TableEntry]:
    files = {name: local_paths(name, e, run.lake, folder) for name, e in run.inputs.items()}
    made = run.on(files, folder)
    return {
        name: TableEntry(tuple(run.lake.add_file(name, path) for path in made[name]), run.digests)
        for name in run.tables
    }


def _built(entries: Mapping[str, TableEntry], start: float, *, unchanged: bool) -> list[Built]:
    seconds = (time.perf_counter() - start) / len(entries)
    return [Built(name, entry.rows, unchanged, entry, seconds) for name, entry in entries.items()]
