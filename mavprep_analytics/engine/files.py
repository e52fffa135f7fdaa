"""From lake entries to an engine's jobs and back: a table in one file, or one file per file of an input."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.model import Model, Parameter
from mavprep_analytics.engine.output import empty_parquet
from mavprep_analytics.lake import DataFile, Lake, TableEntry
from mavprep_analytics.tables import TABLES

FILE_BY_FILE = {"graded_answers": "core_attempts"}
"""Tables whose every file comes from one file of this input, and from all of the others.

Only the files of which the input changed are computed again, so a night costs the months that it touches.
A row must depend on one row of that input, and keep its place.
"""

_PREVIOUS = "previous_"

Inputs = Mapping[str, TableEntry | None]
"""Name of each table that a model reads -> its entry; None: a table without rows."""


def input_digests(table: str, inputs: Inputs) -> dict[str, str]:
    """Return what stands for the inputs in a fingerprint: a digest, or the files where each counts."""
    return {
        _place(table, name): _shas(entry) if _is_split(table, name) else _digest(entry)
        for name, entry in inputs.items()
    }


def kept_files(
    table: str, current: TableEntry | None, digests: Mapping[str, str]
) -> dict[str, DataFile]:
    """Return the files that need not be computed again: sha256 of the input's file -> file."""
    split = FILE_BY_FILE.get(table)
    if split is None or current is None:
        return {}
    place = _place(table, split)
    if {**current.inputs, place: ""} != {**digests, place: ""}:
        return {}
    return dict(zip(current.inputs[place].split(), current.files, strict=True))


def compute(
    model: Model,
    lake: Lake,
    engine: Engine,
    inputs: Inputs,
    parameters: Mapping[str, Parameter],
    kept: Mapping[str, DataFile],
) -> tuple[DataFile, ...]:
    """Run a model and return the files of its table, the kept ones included."""
    split = FILE_BY_FILE.get(model.name)
    with lake.staging() as folder:
        paths = {name: _paths(name, entry, lake, folder) for name, entry in inputs.items()}
        job = Job(model, TABLES[model.name], paths, parameters)
        if split is None:
            return (_run(job, lake, engine, folder, model.name),)
        changed = {
            sha: replace(job, inputs={**paths, split: [path]}, keeps_order=True)
            for sha, path in zip(_shas(inputs[split]).split(), paths[split], strict=True)
            if sha not in kept
        }
        with ThreadPoolExecutor(engine.parallel_jobs) as pool:
            waiting = {
                sha: pool.submit(_run, part, lake, engine, folder, sha)
                for sha, part in changed.items()
            }
        files = {**kept, **{sha: future.result() for sha, future in waiting.items()}}
        return tuple(files[sha] for sha in _shas(inputs[split]).split())


def _run(job: Job, lake: Lake, engine: Engine, folder: Path, name: str) -> DataFile:
    output = folder / f"{name}.parquet"
    engine.run(job, output)
    return lake.add_file(job.model.name, output)


def _paths(name: str, entry: TableEntry | None, lake: Lake, folder: Path) -> list[Path]:
    if entry is not None and entry.files:
        return lake.local_files(entry)
    path = folder / f"{name}-empty.parquet"
    empty_parquet(TABLES[name.removeprefix(_PREVIOUS)], path)
    return [path]


def _is_split(table: str, name: str) -> bool:
    return FILE_BY_FILE.get(table) == name


def _place(table: str, name: str) -> str:
    return f"files {name}" if _is_split(table, name) else f"table {name}"


def _digest(entry: TableEntry | None) -> str:
    return entry.digest if entry is not None else "empty"


def _shas(entry: TableEntry | None) -> str:
    files = entry.files if entry is not None else ()
    return " ".join(file.sha256 for file in files) or "empty"
