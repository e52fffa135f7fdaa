"""What the rows of built tables depend on, as digests: models, schemas, inputs and parameters. No I/O."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from mavprep_analytics.engine.files import Inputs
from mavprep_analytics.engine.model import Model, ModelRefused, Parameter, load_model
from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import TableEntry, Version
from mavprep_analytics.tables import TABLES

TABLE, FILES = "table ", "files "
"""Prefixes of what stands for an input: its digest, and what it takes to read it as it was."""


class InputMissing(DataRefused):
    """A table that a model reads is not in the lake."""


def reads_of(models: Iterable[str]) -> list[str]:
    """Return the tables that models read, apart from their own results, sorted."""
    reads = {read for name in models for read in load_model(name).reads}
    return sorted(reads - set(models))


def inputs_of(
    models: Iterable[str], version: Version, extra: Mapping[str, TableEntry | None]
) -> Inputs:
    """Return the entries of the tables that models read.

    Raises:
        InputMissing: the version lacks one of them.
    """
    known: dict[str, TableEntry | None] = {**version.tables, **extra}
    names = list(models)
    missing = [read for read in reads_of(names) if read not in known]
    if missing:
        raise InputMissing(
            f"{names[-1]} reads {', '.join(missing)}, not in lake version {version.number}",
            "Build them first",
        )
    return {read: known[read] for read in reads_of(names)}


def fingerprint(
    models: Iterable[str], inputs: Inputs, parameters: Mapping[str, Parameter]
) -> dict[str, str]:
    """Return what the rows depend on: name -> digest or value. Equal fingerprints mean equal rows.

    Raises:
        ModelRefused: a model names a parameter that is not given.
    """
    found: dict[str, str] = {}
    for name in models:
        model = load_model(name)
        schema = str(TABLES[name].arrow_schema).encode()
        found[f"model {name}"] = model.digest
        found[f"schema {name}"] = hashlib.sha256(schema).hexdigest()
        found |= _values(model, parameters)
    for name, entry in inputs.items():
        found[TABLE + name] = entry.digest if entry else "empty"
        if entry is not None and follows(name, ()):
            found[FILES + name] = entry.recipe
    return found


def follows(name: str, columns: Iterable[str]) -> bool:
    """Whether a table's rows belong to the student that its key begins with, and tell these columns apart."""
    if name not in TABLES or TABLES[name].key[0] != "user_id":
        return False
    return {*columns} <= {column.name for column in TABLES[name].columns}


def name_of(dependency: str) -> str:
    """Return the table that one of the prefixes stands before."""
    return dependency.split(" ", 1)[1]


def _values(model: Model, parameters: Mapping[str, Parameter]) -> dict[str, str]:
    needed = [parameter for parameter in model.parameters if parameter != "depth"]
    missing = [parameter for parameter in needed if parameter not in parameters]
    if missing:
        raise ModelRefused(
            f"{model.name} needs ${', $'.join(missing)}", "Pass the parameters of run_parameters()"
        )
    return {f"parameter {name}": json.dumps(parameters[name]) for name in needed}
