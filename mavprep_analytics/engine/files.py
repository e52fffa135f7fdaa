"""From lake entries to an engine's jobs and back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.model import Model, Parameter
from mavprep_analytics.engine.output import empty_parquet
from mavprep_analytics.lake import DataFile, Lake, TableEntry
from mavprep_analytics.tables import TABLES

Files = Mapping[str, Sequence[Path]]
"""Table name -> its local Parquet files."""

_PREVIOUS = "previous_"

Inputs = Mapping[str, TableEntry | None]
"""Name of each table that a model reads -> its entry; None: a table without rows."""


def input_digests(inputs: Inputs) -> dict[str, str]:
    """Return what stands for the inputs in a fingerprint."""
    return {f"table {name}": entry.digest if entry else "empty" for name, entry in inputs.items()}


def compute(
    model: Model,
    lake: Lake,
    engine: Engine,
    inputs: Inputs,
    parameters: Mapping[str, Parameter],
) -> DataFile:
    """Run a model and return the file of its table."""
    with lake.staging() as folder:
        paths = {name: local_paths(name, entry, lake, folder) for name, entry in inputs.items()}
        output = folder / f"{model.name}.parquet"
        engine.run(Job(model, TABLES[model.name], paths, parameters), output)
        return lake.add_file(model.name, output)


def local_paths(name: str, entry: TableEntry | None, lake: Lake, folder: Path) -> list[Path]:
    """Return the local files of a table; one without rows, made in the folder, where there are none."""
    if entry is not None and entry.files:
        return lake.local_files(entry)
    path = folder / f"{name}-empty.parquet"
    empty_parquet(TABLES[name.removeprefix(_PREVIOUS)], path)
    return [path]
