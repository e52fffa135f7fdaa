"""Runs models over a log side by side and gathers the measures. The clock is an argument."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.mastery.evaluation.log import AnswerLog
from mavprep_analytics.mastery.evaluation.models import EXTRAS, MODELS, Model
from mavprep_analytics.mastery.evaluation.scores import (
    Bin,
    auc,
    calibration,
    coverage,
    ece,
    log_loss,
)


@dataclass(frozen=True)
class Measured:
    """One model on one log.

    Args:
        name: of the model.
        auc: None: all answers alike.
        log_loss: mean, natural logarithm.
        ece: expected calibration error in ten bins.
        coverage_80: None: no interval, or nothing to judge it by.
        seconds_per_million: wall time of fitting and predicting, per million answers of the log.
        bins: the calibration curve.
    """

    name: str
    auc: float | None
    log_loss: float
    ece: float
    coverage_80: float | None
    seconds_per_million: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Report:
    """Models on one log: `rows` answers, `scored` of them first exposures, by `students`."""

    rows: int
    scored: int
    students: int
    models: tuple[Measured, ...]

    def document(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        columns = ("name", "auc", "log_loss", "ece", "coverage_80", "seconds_per_million")
        return {
            "rows": self.rows,
            "models": [{name: getattr(m, name) for name in columns} for m in self.models],
        }


def evaluate(log: AnswerLog, names: Iterable[str], clock: Callable[[], float]) -> Report:
    """Measure models on a log.

    Args:
        log: the answers.
        names: of MODELS or EXTRAS, in the order of the report.
        clock: seconds, e.g. `time.perf_counter`.

    Raises:
        Misconfigured: there is no such model.
    """
    wanted = list(dict.fromkeys(names))
    known = {**MODELS, **EXTRAS}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise Misconfigured(
            f"there is no model {', '.join(unknown)}", f"Choose from {', '.join(known)}"
        )
    measured = tuple(_measure(name, known[name], log, clock) for name in wanted)
    return Report(len(log), int(log.is_first.sum()), int(log.user.max()) + 1, measured)


def _measure(name: str, model: Model, log: AnswerLog, clock: Callable[[], float]) -> Measured:
    start = clock()
    prediction = model(log)
    seconds = clock() - start
    first = log.first
    bins = calibration(first.correct, prediction.chance)
    return Measured(
        name,
        auc(first.correct, prediction.chance),
        log_loss(first.correct, prediction.chance),
        ece(bins),
        coverage(first, prediction),
        seconds / len(log) * 1e6,
        tuple(bins),
    )
