"""What an engine is: something that computes a model from Parquet files. Nothing of the lake here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mavprep_analytics.engine.model import Model, Parameter
from mavprep_analytics.tables import Table


@dataclass(frozen=True)
class Job:
    """One model with everything that its result depends on.

    Args:
        model: the SQL.
        table: the declaration that the result must match.
        inputs: name of each table that the model reads -> its Parquet files, at least one.
        parameters: values of at least the parameters that the model names.
    """

    model: Model
    table: Table
    inputs: Mapping[str, Sequence[Path]]
    parameters: Mapping[str, Parameter]


class Engine(Protocol):
    """Computes jobs."""

    def run(self, job: Job, output: Path) -> int:
        """Write the rows in key order to a Parquet file at output and return how many there are.

        Raises:
            ModelRefused: the result is not what the table declares.
            Temporary: the engine ran out of memory or disk, or could not be reached.
        """
