"""The one-parameter logistic model (Rasch): one ability per student, one difficulty per question.

Difficulties come by marginal maximum likelihood (EM on a grid, Bock and Aitkin 1981,
doi:10.1007/BF02293801), abilities as posterior means that move on every day.
"""

import numpy as np
import numpy.typing as npt

from mavprep_analytics.mastery import constants
from mavprep_analytics.mastery.evaluation.grouped import Past
from mavprep_analytics.mastery.evaluation.log import FOLDS, AnswerLog
from mavprep_analytics.mastery.evaluation.models.prediction import Prediction
from mavprep_analytics.mastery.reading import Floats, logit, sigmoid

GRID = np.linspace(-4, 4, 21)
FIRST_SD = 1.0
SMALLEST_SD = 0.1
ITERATIONS = 8
DIFFICULTY_PRECISION = 0.25
"""A normal prior with standard deviation 2 keeps the difficulty of a question that all got right finite."""
Ints = npt.NDArray[np.int64]


def irt_1pl(log: AnswerLog) -> Prediction:
    """Predict first exposures from each student's posterior at the end of the day before."""
    first = log.first
    chance, low, high = (np.empty(len(first)) for _ in range(3))
    for fold in range(FOLDS):
        trained = first.fold != fold
        difficulty, sd = _fit(first, trained)
        rows = np.flatnonzero(~trained)
        if len(rows):
            chance[rows], low[rows], high[rows] = _predict(first, rows, difficulty, sd)
    return Prediction(chance, low, high)


def _fit(first: AnswerLog, trained: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    """Return the difficulty of every question and the standard deviation of ability."""
    user, item, correct = first.user[trained], first.item[trained], first.correct[trained]
    size = int(first.item.max()) + 1
    asks, right = np.bincount(item, minlength=size), np.bincount(item, correct, size)
    difficulty, sd = -logit((right + 0.5) / (asks + 1)), FIRST_SD
    if not len(user):
        return difficulty, sd
    starts = np.flatnonzero(np.r_[True, user[1:] != user[:-1]])
    place = np.cumsum(np.r_[True, user[1:] != user[:-1]]) - 1
    by_item = np.argsort(item, kind="stable")
    item_starts = np.flatnonzero(np.r_[True, np.diff(item[by_item]) > 0])
    asked = item[by_item][item_starts]
    for _ in range(ITERATIONS):
        seen = _posterior(np.add.reduceat(_log_likelihood(item, correct, difficulty), starts), sd)
        sd = max(float(np.sqrt((seen @ GRID**2).mean())), SMALLEST_SD)
        weight = np.add.reduceat(seen[place[by_item]], item_starts)
        p = sigmoid(GRID[None, :] - difficulty[asked, None])
        slope = (weight * p).sum(axis=1) - right[asked] - DIFFICULTY_PRECISION * difficulty[asked]
        curve = (weight * p * (1 - p)).sum(axis=1) + DIFFICULTY_PRECISION
        difficulty[asked] += np.clip(slope / curve, -1, 1)
    return difficulty, sd


def _predict(
    first: AnswerLog, rows: Ints, difficulty: Floats, sd: float
) -> tuple[Floats, Floats, Floats]:
    item, correct = first.item[rows], first.correct[rows]
    past = Past([first.user[rows]], first.day[rows])
    seen = _posterior(past.before(_log_likelihood(item, correct, difficulty)), sd)
    chance = (seen * sigmoid(GRID[None, :] - difficulty[item, None])).sum(axis=1)
    mean = seen @ GRID
    spread = np.sqrt(np.maximum(seen @ GRID**2 - mean**2, 0.0))
    centre, half = mean - difficulty[item], constants.INTERVAL_Z * spread
    return chance, sigmoid(centre - half), sigmoid(centre + half)


def _log_likelihood(item: Ints, correct: Floats, difficulty: Floats) -> Floats:
    """Return, per answer and ability of the grid, the log chance of what happened."""
    distance = GRID[None, :] - difficulty[:, None]
    chances = np.stack([-np.log1p(np.exp(distance)), -np.log1p(np.exp(-distance))])
    return np.asarray(chances[correct.astype(np.int64), item], dtype=np.float64)


def _posterior(log_likelihood: Floats, sd: float) -> Floats:
    logs = log_likelihood - 0.5 * (GRID / sd) ** 2
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)
