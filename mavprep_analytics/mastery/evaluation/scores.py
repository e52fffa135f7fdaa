"""How good predictions are: discrimination (AUC), log loss, calibration (ECE) and interval coverage. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mavprep_analytics.mastery import constants
from mavprep_analytics.mastery.evaluation.log import AnswerLog
from mavprep_analytics.mastery.evaluation.models.prediction import Prediction
from mavprep_analytics.mastery.reading import Floats

BINS = 10
COVERED_ANSWERS = 5
"""An interval is judged by the share correct of a day's new questions of a topic, if there are this many."""


@dataclass(frozen=True)
class Bin:
    """One tenth of the scale of predictions.

    Args:
        said: mean prediction.
        was: share that was correct.
        answers: how many fell into it.
    """

    said: float
    was: float
    answers: int


def auc(correct: Floats, chance: Floats) -> float | None:
    """Return the chance that a correct answer was predicted higher than a wrong one, ties counting half.

    None when all answers are correct or all wrong.
    """
    rights = float(correct.sum())
    wrongs = len(correct) - rights
    if not rights or not wrongs:
        return None
    _, places, counts = np.unique(chance, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    above = float(ranks[places][correct > 0].sum()) - rights * (rights + 1) / 2
    return above / (rights * wrongs)


def log_loss(correct: Floats, chance: Floats) -> float:
    """Return the mean of -ln of the chance given to what happened."""
    return float(-np.log(np.where(correct > 0, chance, 1 - chance)).mean())


def calibration(correct: Floats, chance: Floats) -> list[Bin]:
    """Return the non-empty tenths of the scale, lowest first."""
    place = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    answers = np.bincount(place, minlength=BINS)
    said = np.bincount(place, weights=chance, minlength=BINS)
    was = np.bincount(place, weights=correct, minlength=BINS)
    return [
        Bin(float(said[i] / answers[i]), float(was[i] / answers[i]), int(answers[i]))
        for i in np.flatnonzero(answers)
    ]


def ece(bins: list[Bin]) -> float:
    """Return the expected calibration error: the mean gap between said and was, by answers."""
    total = sum(b.answers for b in bins)
    return sum(b.answers * abs(b.said - b.was) for b in bins) / total


def coverage(first: AnswerLog, prediction: Prediction) -> float | None:
    """Return how often the share correct of a student's day in a topic falls where the interval lets it.

    A share of few answers strays from its chance, so the binomial variance of the share is added to the
    interval's own; what is left to judge is the uncertainty that the model states of the chance.

    None when the model knows no interval, or no student answered COVERED_ANSWERS new questions of a topic
    in a day.
    """
    if prediction.low is None or prediction.high is None:
        return None
    group = _groups(first)
    answers = np.bincount(group)
    enough = answers >= COVERED_ANSWERS
    if not enough.any():
        return None
    chance = prediction.chance
    was, said, low, high, spread = (
        np.bincount(group, weights=values)[enough] / answers[enough]
        for values in (
            first.correct,
            chance,
            prediction.low,
            prediction.high,
            chance * (1 - chance),
        )
    )
    of_chance = ((high - low) / (2 * constants.INTERVAL_Z)) ** 2
    off = np.abs(was - said) / np.sqrt(of_chance + spread / answers[enough])
    return float((off <= constants.INTERVAL_Z).mean())


def _groups(first: AnswerLog) -> npt.NDArray[np.int64]:
    keys = np.stack([first.user, first.skill, first.day], axis=1)
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
