"""The arithmetic of one step of the chain in numpy, the same as in `sql/marts/mastery_chain.sql`.

Only the evaluation reads mastery outside a lake; that both say the same is tested. Arrays in, arrays out.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mavprep_analytics.mastery import constants

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Decayed sums of nodes, in answers: correct ones, ones the average student would have right, all."""

    correct: Floats
    expected: Floats
    total: Floats


@dataclass(frozen=True)
class Deviation:
    """How far nodes lie from the average student, in logits, and the variance of that."""

    theta: Floats
    variance: Floats


def average_student(nodes: int) -> Deviation:
    """Return what a root leans on."""
    return Deviation(np.zeros(nodes), np.zeros(nodes))


def deviation(sums: Sums, parent: Deviation, strength: float) -> Deviation:
    """Read nodes that lean on their parents as on so many answers; a node without any is its parent."""
    seen = sums.total > 0
    rate = np.full_like(sums.total, constants.DEFAULT_RATES[None])
    np.divide(sums.expected, sums.total, out=rate, where=seen)
    prior = sigmoid(logit(rate) + parent.theta)
    alpha = sums.correct + strength * prior
    beta = sums.total - sums.correct + strength * (1 - prior)
    lean = strength / (strength + sums.total)
    theta = np.log(alpha / beta) - logit(rate)
    return Deviation(theta, 1 / alpha + 1 / beta + lean**2 * parent.variance)


def mastery(node_rate: Floats, own: Deviation) -> tuple[Floats, Floats, Floats]:
    """Return the chance of a correct answer to a new question, and the ends of its 80 % interval."""
    centre = logit(node_rate) + own.theta
    half = constants.INTERVAL_Z * np.sqrt(constants.VARIANCE_FACTOR * own.variance)
    return sigmoid(centre), sigmoid(centre - half), sigmoid(centre + half)


def shrunk(correct: Floats, answers: Floats, above: Floats | float, pseudo: float) -> Floats:
    """Return rates drawn to the rate above by so many pseudo-answers."""
    return (correct + pseudo * above) / (answers + pseudo)


def logit(p: Floats) -> Floats:
    """Return ln(p / (1 - p))."""
    return np.log(p / (1 - p))


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))
