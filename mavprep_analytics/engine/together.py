"""Building tables that share steps: in one folder, checked and committed in one go. A step is in no lake version."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from mavprep_analytics.engine.build import Built, fingerprint, inputs_of
from mavprep_analytics.engine.checks import require_declared
from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.files import Files, Inputs, local_paths
from mavprep_analytics.engine.model import Parameter, load_model
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import TABLES, Layer

Parameters = Mapping[str, Parameter]
Compute = Callable[[Engine, Sequence[str], Files, Parameters, Path], Files]
"""Run models on files and return these and the results' files, by table."""


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
) -> list[Built]:
    """Bring the tables of some models up to date and commit them, unless their inputs are the same.

    Args:
        models: in order of dependence; those of the layer `step` are not committed.
        lake: holds the inputs.
        engine: what computes them.
        parameters: of the run.
        compute: how the models are run.

    Raises:
        InputMissing: the lake lacks a table that a model reads.
        TableRefused: a result breaks its declaration; nothing was committed.
        Overtaken: another run committed one of the tables meanwhile.
    """
    start, base = time.perf_counter(), lake.head()
    inputs = inputs_of(models[-1], reads_of(models), base)
    digests = _fingerprint(models, inputs, parameters)
    tables = [name for name in models if TABLES[name].layer is not Layer.STEP]
    current = {name: base.tables[name] for name in tables if name in base.tables}
    if all(n in current and dict(current[n].inputs) == digests for n in tables):
        return _built(current, start, unchanged=True)
    with lake.staging() as folder:
        files = {name: local_paths(name, entry, lake, folder) for name, entry in inputs.items()}
        made = compute(engine, models, files, parameters, folder)
        entries = {
            name: TableEntry(tuple(lake.add_file(name, path) for path in made[name]), digests)
            for name in tables
        }
    for name, entry in entries.items():
        require_declared(name, entry, lake, base)
    lake.commit(entries, base=base)
    return _built(entries, start, unchanged=False)


def reads_of(models: Iterable[str]) -> list[str]:
    """Return the tables that models read, apart from their own results, sorted."""
    reads = {read for name in models for read in load_model(name).reads}
    return sorted(reads - set(models))


def _fingerprint(models: Iterable[str], inputs: Inputs, parameters: Parameters) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in models:
        model = load_model(name)
        reads = {read: inputs[read] for read in model.reads if read in inputs}
        part = fingerprint(model, TABLES[name], reads, {"depth": -1, **parameters})
        own = {f"{kind} {name}": part.pop(kind) for kind in ("model", "schema")}
        found |= {**part, **own}
    return found


def _built(entries: Mapping[str, TableEntry], start: float, *, unchanged: bool) -> list[Built]:
    seconds = (time.perf_counter() - start) / len(entries)
    return [Built(name, entry.rows, unchanged, entry, seconds) for name, entry in entries.items()]
