"""Building lake tables: run a model only when something that its rows depend on has changed."""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mavprep_analytics.engine.checks import require_declared
from mavprep_analytics.engine.engine import Engine
from mavprep_analytics.engine.files import Inputs, compute, input_digests
from mavprep_analytics.engine.model import Model, ModelRefused, Parameter, load_model
from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES, Table


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


class InputMissing(DataRefused):
    """A table that a model reads is not in the lake."""


def build(
    name: str,
    lake: Lake,
    engine: Engine,
    parameters: Mapping[str, Parameter],
    *,
    version: Version | None = None,
    extra: Mapping[str, TableEntry | None] | None = None,
) -> Built:
    """Bring one table up to date and commit it, unless its inputs are those it was built from.

    Args:
        name: of the table and its model.
        lake: where the inputs lie and the result goes.
        engine: what computes it.
        parameters: of the run; only those that the model names count.
        version: the lake version to read; the newest by default.
        extra: inputs that are not tables of that version, e.g. `previous_rankings`; None stands for
            a table without rows.

    Raises:
        InputMissing: the lake lacks a table that the model reads.
        ModelRefused: the model is wrong.
        TableRefused: the result breaks the table's declaration; nothing was committed.
        Overtaken: another run committed the same table meanwhile.
    """
    start = time.perf_counter()
    base = version or lake.head()
    model = load_model(name)
    inputs = inputs_of(name, model.reads, base, extra or {})
    digests = fingerprint(model, TABLES[name], inputs, parameters)
    current = base.tables.get(name)
    if current is not None and dict(current.inputs) == digests:
        return Built(name, current.rows, True, current, time.perf_counter() - start)
    entry = TableEntry((compute(model, lake, engine, inputs, parameters),), digests)
    require_declared(name, entry, lake, base)
    lake.commit({name: entry}, base=base)
    return Built(name, entry.rows, False, entry, time.perf_counter() - start)


def build_all(
    names: Iterable[str],
    lake: Lake,
    engine: Engine,
    parameters: Mapping[str, Parameter],
    *,
    extra: Mapping[str, TableEntry | None] | None = None,
) -> list[Built]:
    """Build tables one after the other; each must come after those that it reads."""
    return [build(name, lake, engine, parameters, extra=extra) for name in names]


def fingerprint(
    model: Model,
    table: Table,
    inputs: Inputs,
    parameters: Mapping[str, Parameter],
) -> dict[str, str]:
    """Return what the rows depend on: name -> digest or value. Equal fingerprints mean equal rows."""
    missing = [parameter for parameter in model.parameters if parameter not in parameters]
    if missing:
        raise ModelRefused(
            f"{model.name} needs ${', $'.join(missing)}", "Pass the parameters of run_parameters()"
        )
    return {
        "model": model.digest,
        "schema": hashlib.sha256(str(table.arrow_schema).encode()).hexdigest(),
        **input_digests(inputs),
        **{f"parameter {n}": json.dumps(parameters[n]) for n in model.parameters},
    }


def inputs_of(
    name: str,
    reads: Iterable[str],
    version: Version,
    extra: Mapping[str, TableEntry | None] | None = None,
) -> Inputs:
    """Return the entries of the tables that a model reads.

    Raises:
        InputMissing: the version lacks one of them.
    """
    known: dict[str, TableEntry | None] = {**version.tables, **(extra or {})}
    missing = [read for read in reads if read not in known]
    if missing:
        raise InputMissing(
            f"{name} reads {', '.join(missing)}, not in lake version {version.number}",
            "Build them first",
        )
    return {read: known[read] for read in reads}
