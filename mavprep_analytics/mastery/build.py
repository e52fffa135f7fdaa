"""Brings the mastery tables of a lake up to date. Which table needs which is known here; no arithmetic is."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from mavprep_analytics.engine import Built, Engine, InputMissing, Job, build_all, load_model
from mavprep_analytics.engine.build import fingerprint
from mavprep_analytics.engine.checks import require_declared
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.mastery.chain import CHAIN, Files, read_chain
from mavprep_analytics.tables import TABLES

LAST_WEEK = "mastery_last_week"
NUMBERS = ("mastery_students", "mastery_tree", "question_numbers")
SUMS = ("first_answers", "question_rates", "node_rates", "mastery_state", "mastery_nodes")
READINGS = ("topic_mastery", "subject_mastery", "difficulty_mastery")
_OF_A_WEEK = SUMS[1:]
Parameters = Mapping[str, Parameter]


def build_mastery(lake: Lake, engine: Engine, parameters: Parameters) -> list[Built]:
    """Bring everything from first answers to the published readings up to date, and commit it.

    Args:
        lake: holds the catalogue, `eligible_attempts`, `graded_answers` and `core_attempts`.
        engine: what computes it.
        parameters: of `run_parameters`.

    Raises:
        InputMissing: the lake lacks one of those.
        Overtaken: another run committed one of the tables meanwhile.
    """
    sums = build_all((*NUMBERS, *SUMS), lake, engine, parameters)
    chain = build_chain(lake, engine, parameters)
    last_week = build_last_week(lake, engine, parameters)
    return [*sums, chain, last_week, *build_all(READINGS, lake, engine, parameters)]


def build_chain(lake: Lake, engine: Engine, parameters: Parameters) -> Built:
    """Bring `mastery_chain` up to date and commit it: one file per depth of the tree."""
    start, base = time.perf_counter(), lake.head()
    entries = _entries(base, [CHAIN], own=(CHAIN,))
    inputs = _fingerprint([CHAIN], CHAIN, entries, {**parameters, "depth": -1})
    if (current := _current(base, CHAIN, inputs)) is not None:
        return Built(CHAIN, current.rows, True, current, time.perf_counter() - start)
    with lake.staging() as folder:
        paths = read_chain(engine, _files(lake, entries), parameters, folder)
        return _commit(lake, base, CHAIN, paths, inputs, start)


def build_last_week(lake: Lake, engine: Engine, parameters: Parameters) -> Built:
    """Bring `mastery_last_week` up to date and commit it: the same models, read seven days earlier."""
    start, base = time.perf_counter(), lake.head()
    earlier = {**parameters, "reading_day": parameters["previous_reading_day"], "depth": -1}
    models = [*_OF_A_WEEK, CHAIN, LAST_WEEK]
    entries = _entries(base, models, own=models)
    inputs = _fingerprint(models, LAST_WEEK, entries, earlier)
    if (current := _current(base, LAST_WEEK, inputs)) is not None:
        return Built(LAST_WEEK, current.rows, True, current, time.perf_counter() - start)
    with lake.staging() as folder:
        files = dict(_files(lake, entries))
        for name in _OF_A_WEEK:
            files[name] = [_run(engine, name, files, earlier, folder)]
        files[CHAIN] = read_chain(engine, files, earlier, folder)
        path = _run(engine, LAST_WEEK, files, earlier, folder)
        return _commit(lake, base, LAST_WEEK, [path], inputs, start)


def _run(engine: Engine, name: str, files: Files, parameters: Parameters, folder: Path) -> Path:
    model, path = load_model(name), folder / f"{name}.parquet"
    read = {table: files[table] for table in model.reads}
    engine.run(Job(model, TABLES[name], read, parameters), path)
    return path


def _entries(base: Version, models: Iterable[str], own: Iterable[str]) -> dict[str, TableEntry]:
    """Return the lake's entries of everything that the models read, apart from their own results."""
    names = sorted({name for model in models for name in load_model(model).reads} - set(own))
    missing = [name for name in names if name not in base.tables]
    if missing:
        raise InputMissing(
            f"mastery reads {', '.join(missing)}, not in lake version {base.number}",
            "Build them first",
        )
    return {name: base.tables[name] for name in names}


def _fingerprint(
    models: Iterable[str], table: str, entries: Mapping[str, TableEntry], parameters: Parameters
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in models:
        part = fingerprint(load_model(name), TABLES[table], entries, parameters)
        found |= {key: value for key, value in part.items() if key != "model"}
        found[f"model {name}"] = part["model"]
    return found


def _files(lake: Lake, entries: Mapping[str, TableEntry]) -> Files:
    return {name: lake.local_files(entry) for name, entry in entries.items()}


def _current(base: Version, table: str, inputs: Mapping[str, str]) -> TableEntry | None:
    entry = base.tables.get(table)
    return entry if entry is not None and dict(entry.inputs) == inputs else None


def _commit(
    lake: Lake,
    base: Version,
    table: str,
    paths: Iterable[Path],
    inputs: Mapping[str, str],
    start: float,
) -> Built:
    entry = TableEntry(tuple(lake.add_file(table, path) for path in paths), inputs)
    require_declared(table, entry, lake, base)
    lake.commit({table: entry}, base=base)
    return Built(table, entry.rows, False, entry, time.perf_counter() - start)
