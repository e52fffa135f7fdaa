"""Predictions of an answer log a second time, slowly: loops over first exposures, nothing shared with the models."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from mavprep_analytics.mastery.evaluation import AnswerLog

_DEFAULT = 0.65


@dataclass(frozen=True)
class Exposure:
    """A student's first answer to a question."""

    user: int
    item: int
    skill: int
    correct: int
    day: int
    fold: int


def exposures(log: AnswerLog) -> list[Exposure]:
    """Return the first exposures of a log, in its order."""
    first = log.first
    columns = (first.user, first.item, first.skill, first.correct, first.day, first.fold)
    return [Exposure(*map(int, row)) for row in zip(*columns, strict=True)]


def mastery(everything: list[Exposure], one: Exposure) -> tuple[float, float, float]:
    """Return the chance that mastery gives an exposure, and the ends of its 80 % interval."""
    own = [e for e in everything if e.user == one.user and e.day < one.day]
    rates = {e.item: _rate(everything, e) for e in [*own, one]}
    theta, variance = 0.0, 0.0
    for evidence, strength in ((own, 15.0), ([e for e in own if e.skill == one.skill], 30.0)):
        theta, variance = _lean(evidence, rates, one.day - 1, strength, theta, variance)
    centre, half = _logit(rates[one.item]) + theta, 1.2816 * math.sqrt(2 * variance)
    return _sigmoid(centre), _sigmoid(centre - half), _sigmoid(centre + half)


def percent_correct(everything: list[Exposure], one: Exposure, pseudo: float) -> float:
    """Return the share of earlier answers in the topic, drawn to the topic's rate; that rate before any."""
    past = [e for e in everything if e.user == one.user and e.day < one.day]
    marks = [e.correct for e in past if e.skill == one.skill]
    rate = _topic_rate(everything, one)
    share = (sum(marks) + pseudo * rate) / (len(marks) + pseudo) if marks else rate
    return min(max(share, 0.01), 0.99)


def _lean(
    evidence: list[Exposure],
    rates: dict[int, float],
    evening: int,
    strength: float,
    theta: float,
    variance: float,
) -> tuple[float, float]:
    weights = [2 ** ((e.day - evening) / 60) for e in evidence]
    total = sum(weights)
    right = sum(w * e.correct for w, e in zip(weights, evidence, strict=True))
    expected = sum(w * rates[e.item] for w, e in zip(weights, evidence, strict=True))
    q = expected / total if total else _DEFAULT
    prior = _sigmoid(_logit(q) + theta)
    alpha, beta = right + strength * prior, total - right + strength * (1 - prior)
    lean = (strength / (strength + total)) ** 2
    return math.log(alpha / beta) - _logit(q), 1 / alpha + 1 / beta + lean * variance


def _rate(everything: list[Exposure], one: Exposure) -> float:
    in_topic = _shrunk(
        everything, lambda e: e.skill == one.skill, _topic_rate(everything, one), 20, one
    )
    rate = _shrunk(everything, lambda e: e.item == one.item, in_topic, 5, one)
    return min(max(rate, 0.02), 0.98)


def _topic_rate(everything: list[Exposure], one: Exposure) -> float:
    return _shrunk(everything, lambda e: e.skill == one.skill, _DEFAULT, 10, one)


def _shrunk(
    everything: list[Exposure],
    chosen: Callable[[Exposure], bool],
    above: float,
    pseudo: int,
    one: Exposure,
) -> float:
    """Return the rate among the students of other folds, drawn to the one above."""
    marks = [e.correct for e in everything if e.fold != one.fold and chosen(e)]
    return (sum(marks) + pseudo * above) / (len(marks) + pseudo)


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))
