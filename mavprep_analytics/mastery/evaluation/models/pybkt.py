"""Bayesian Knowledge Tracing as pyBKT fits it, doi:10.48550/arXiv.2105.00385: learnt or not, per student and topic.

pyBKT is an extra. It fits prior, learning, guess and slip of each topic on the other folds' first answers, as the
other models do; the state is followed here, so that a day is predicted from the day before.
"""

import logging
import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.mastery import constants
from mavprep_analytics.mastery.evaluation.log import FOLDS, AnswerLog
from mavprep_analytics.mastery.evaluation.models.prediction import Prediction
from mavprep_analytics.mastery.reading import Floats

CERTAINTY = 0.001
_SEED, _FITS = 0, 1
_INSTALL = "pip install 'mavprep-analytics[pybkt]' brings versions that go together"


@dataclass(frozen=True)
class _Topic:
    """Chances of one topic: known at first, learnt by an answer, right by guessing, wrong by slipping."""

    prior: float
    learn: float
    guess: float
    slip: float

    def right(self, known: float) -> float:
        """Return the chance of a correct answer."""
        return known * (1 - self.slip) + (1 - known) * self.guess

    def after(self, known: float, correct: float) -> float:
        """Return the chance that the topic is known after an answer."""
        right = self.right(known)
        if correct:
            seen = known * (1 - self.slip) / right if right else known
        else:
            seen = known * self.slip / (1 - right) if right < 1 else known
        return seen + (1 - seen) * self.learn


def pybkt(log: AnswerLog) -> Prediction:
    """Predict first exposures from each student's state at the end of the day before.

    Raises:
        Misconfigured: pyBKT is not installed, or does not work with the installed scikit-learn.
    """
    model = _model_class()
    first = log.first
    chance = np.empty(len(first))
    for fold in range(FOLDS):
        held_out = first.fold == fold
        if held_out.any():
            topics = _fit(model, first, ~held_out)
            rows = np.flatnonzero(held_out)
            chance[rows] = _follow(first, rows, topics)
    return Prediction(np.clip(chance, CERTAINTY, 1 - CERTAINTY))


def _model_class() -> Any:
    try:
        return import_module("pyBKT.models").Model
    except ImportError as error:
        raise Misconfigured(f"the model pybkt needs pyBKT ({error})", _INSTALL) from None


def _fit(model: Any, log: AnswerLog, rows: npt.NDArray[np.bool_]) -> dict[int, _Topic]:
    """Return the topics that the rows have answers of."""
    import pandas as pd  # noqa: PLC0415 - pyBKT alone wants frames

    if not rows.any():
        return {}
    data = pd.DataFrame(
        {
            "user_id": log.user[rows],
            "skill_name": log.skill[rows].astype(str),
            "correct": log.correct[rows].astype(np.int64),
            "order_id": np.arange(int(rows.sum())),
        }
    )
    logging.getLogger("pyBKT").setLevel(logging.ERROR)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fitted = model(seed=_SEED, num_fits=_FITS, parallel=False)
        try:
            fitted.fit(data=data)
        except Exception as error:  # it checks nothing itself; a newer NumPy alone makes it fail
            raise Misconfigured(f"pyBKT cannot fit this log ({error})", _INSTALL) from error
        values = fitted.params()["value"].to_dict()
    return {int(skill): _topic(values, skill) for skill in data["skill_name"].unique()}


def _topic(values: dict[tuple[str, str, str], float], skill: str) -> _Topic:
    def value(name: str) -> float:
        found = float(values[skill, name, "default"])
        return found if np.isfinite(found) else 0.5

    return _Topic(value("prior"), value("learns"), value("guesses"), value("slips"))


def _follow(log: AnswerLog, rows: npt.NDArray[np.int64], topics: dict[int, _Topic]) -> Floats:
    """Return the chance of each row, in order; of a topic that nobody else answered, the default rate."""
    chances = np.full(len(rows), constants.DEFAULT_RATES[None])
    states: dict[tuple[int, int], float] = {}
    mornings: dict[tuple[int, int], tuple[int, float]] = {}
    columns = (log.user, log.day, log.skill, log.correct)
    for place, (user, day, skill, correct) in enumerate(
        zip(*(column[rows].tolist() for column in columns), strict=True)
    ):
        topic = topics.get(skill)
        if topic is None:
            continue
        known = states.get((user, skill), topic.prior)
        if mornings.get((user, skill), (None, 0.0))[0] != day:
            mornings[user, skill] = day, known
        chances[place] = topic.right(mornings[user, skill][1])
        states[user, skill] = topic.after(known, correct)
    return chances
