"""One run of some models that are built together: what they are to be run on, and how."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from mavprep_analytics.engine.engine import Engine
from mavprep_analytics.engine.files import Files, Inputs, local_paths
from mavprep_analytics.engine.fingerprint import follows
from mavprep_analytics.engine.model import Parameter, load_model
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import TABLES, Layer

Parameters = Mapping[str, Parameter]
Compute = Callable[[Engine, Sequence[str], Files, Parameters, Path], Files]
"""Run models on files and return these and the results' files, by table."""


@dataclass(frozen=True)
class Run:
    """Some models, and what they are to be run on.

    Args:
        lake: holds the inputs and takes the results.
        engine: what computes them.
        models: in order of dependence.
        parameters: of the models.
        compute: how the models are run.
        inputs: the tables that they read.
        digests: what their rows depend on.
    """

    lake: Lake
    engine: Engine
    models: Sequence[str]
    parameters: Parameters
    compute: Compute
    inputs: Inputs
    digests: Mapping[str, str]

    @property
    def tables(self) -> list[str]:
        """The models' tables without steps."""
        return [name for name in self.models if TABLES[name].layer is not Layer.STEP]

    @property
    def mentions(self) -> frozenset[str]:
        """Names of all columns that the models mention."""
        return frozenset().union(*(load_model(name).mentions for name in self.models))

    def on(self, files: Files, folder: Path) -> Files:
        """Run the models on these files of their inputs; the results go into the folder."""
        return self.compute(self.engine, self.models, files, self.parameters, folder)

    def on_some(self, files: Files, columns: Iterable[str], folder: Path) -> Files:
        """Do so into a new folder; nothing runs when no input that tells the columns apart has a row."""
        folder.mkdir()
        held = [path for name, paths in files.items() if follows(name, columns) for path in paths]
        if any(pq.read_metadata(path).num_rows for path in held):
            return self.on(files, folder)
        return {name: local_paths(name, None, self.lake, folder) for name in self.tables}
