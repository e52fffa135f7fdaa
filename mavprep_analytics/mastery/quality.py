"""How good mastery's predictions of the last whole week were, beside percent correct: measured once a week.

The readings are made anew as they stood the evening before that week, so no prediction knows its answer. That costs
as much as the night's own readings; it is done in the first night after the week, and not again in the next six.
"""

import hashlib
import time
from collections.abc import Iterable, Mapping
from typing import Any

from mavprep_analytics.engine import Built, Engine, load_model
from mavprep_analytics.engine.build import in_order
from mavprep_analytics.engine.checks import require_declared
from mavprep_analytics.engine.files import local_paths
from mavprep_analytics.engine.fingerprint import inputs_of
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.mastery.chain import CHAIN, read_chain
from mavprep_analytics.tables import TABLES

QUALITY = "mastery_quality"
_BEFORE = ("question_rates", "node_rates", "mastery_nodes")
QUALITY_MODELS = (*_BEFORE, CHAIN, QUALITY)
FEWEST_ANSWERS = 2_000
"""With fewer, luck alone gives a perfect model an ECE near .03: .36 sqrt(10 / n) when ten tenths share n answers."""
HIGHEST_ECE = 0.03
"""Above this, predictions off by three points on average, a person should look."""


def build_quality(
    lake: Lake,
    engine: Engine,
    parameters: Mapping[str, Parameter],
    *,
    fewest_answers: int = FEWEST_ANSWERS,
) -> Built:
    """Measure the last ISO week (UTC) that the as-of date ends or follows, and commit it, unless it is measured.

    Args:
        lake: holds the catalogue, the core tables and `first_answers`.
        engine: what computes it.
        parameters: of `run_parameters`.
        fewest_answers: below it nothing but the counts is said.

    Raises:
        InputMissing: the lake lacks one of those.
        Overtaken: another run committed the table meanwhile.
    """
    start, base = time.perf_counter(), lake.head()
    measured = {**parameters, **_week(parameters), "fewest_answers": fewest_answers}
    identity = _identity(measured)
    current = base.tables.get(QUALITY)
    if current is not None and dict(current.inputs) == identity:
        return Built(QUALITY, current.rows, True, current, time.perf_counter() - start)
    inputs = inputs_of(QUALITY_MODELS, base, {})
    with lake.staging() as folder:
        files = {name: local_paths(name, entry, lake, folder) for name, entry in inputs.items()}
        made = dict(in_order(engine, _BEFORE, files, measured, folder))
        made[CHAIN] = read_chain(engine, made, measured, folder)
        paths = in_order(engine, [QUALITY], made, measured, folder)[QUALITY]
        entry = TableEntry(tuple(lake.add_file(QUALITY, path) for path in paths), identity)
    require_declared(QUALITY, entry, lake, base)
    lake.commit({QUALITY: entry}, base=base)
    return Built(QUALITY, entry.rows, False, entry, time.perf_counter() - start)


def miscalibration(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """Return what a person should look at in the rows of `mastery_quality`; None: nothing, or nothing is known."""
    by_model = {row["model"]: row for row in rows}
    ours, percent = by_model["mastery"], by_model["percent_correct"]
    if ours["ece"] is None or float(ours["ece"]) <= HIGHEST_ECE:
        return None
    return (
        f"mastery was off by {ours['ece']:.1%} on average in the week of {ours['week_start']}, over "
        f"{ours['answers']:,} answers (percent correct by {percent['ece']:.1%}); {HIGHEST_ECE:.0%} is the most. "
        "Look at question_rates and at what changed that week, then refit the constants"
    )


def _week(parameters: Mapping[str, Parameter]) -> dict[str, int]:
    """Return the Sunday of the last whole week: the as-of date's own when it is one."""
    sunday, as_of = int(parameters["reading_day"]), int(parameters["as_of_day"])
    return {"reading_day": sunday if sunday == as_of else sunday - 7}


def _identity(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """Return what makes it another measurement: the week and the code, not what arrived late."""
    models = {f"model {name}": load_model(name).digest for name in QUALITY_MODELS}
    schema = hashlib.sha256(str(TABLES[QUALITY].arrow_schema).encode()).hexdigest()
    told = {f"parameter {n}": str(parameters[n]) for n in ("reading_day", "fewest_answers")}
    return {**models, "schema": schema, **told}
