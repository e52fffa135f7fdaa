"""How true ability moves: practice raises a topic, idle weeks lower it again towards where it began.

Here: one update per week, and the chance of a correct answer that abilities mean. Illustrative rates,
chosen so that a term of practice is worth about half a logit.
"""

import numpy as np

from mavprep_analytics.campus.catalogue import Catalogue, Floats, Questions, chance_correct
from mavprep_analytics.campus.population import FORM_SPREAD

_GAIN_PER_WEEK = 0.18
_ANSWERS_TO_SATURATE = 12.0
_KEPT_PER_WEEK = 0.9


def after_week(gain: Floats, rate: Floats, answers: Floats) -> Floats:
    """Return the gain over the starting ability after a week.

    Args:
        gain: students x leaf topics, logits, before the week.
        rate: learning rate of each student, 1 on average.
        answers: students x leaf topics, answers given this week.
    """
    practice = 1 - np.exp(-answers / _ANSWERS_TO_SATURATE)
    moved: Floats = gain * _KEPT_PER_WEEK + _GAIN_PER_WEEK * rate[:, None] * practice
    return moved


def chances_over_days(catalogue: Catalogue, abilities: Floats) -> Floats:
    """Return `chances_of_a_day`, averaged over good and bad days."""
    forms, weights = _forms()
    days = (chances_of_a_day(catalogue, abilities, np.full(len(abilities), form)) for form in forms)
    averaged: Floats = sum(weight * day for weight, day in zip(weights, days, strict=True))
    return averaged


def chances_of_a_day(catalogue: Catalogue, abilities: Floats, form: Floats) -> Floats:
    """Return the chance of a correct answer to a random active question of each topic node.

    Args:
        catalogue: topics and questions.
        abilities: students x leaf topics, logits.
        form: of each student on the day, logits.

    Returns:
        Students x topics; a parent's questions are those of its subtree.
    """
    sums = np.zeros((len(abilities), len(catalogue.leaf_topics)))
    counts = np.zeros(len(catalogue.leaf_topics))
    for leaf in range(len(catalogue.leaf_topics)):
        index = np.flatnonzero((catalogue.questions.leaf == leaf) & catalogue.questions.is_active)
        counts[leaf] = len(index)
        scored = _scored(catalogue.questions, index, abilities[:, leaf] + form)
        sums[:, leaf] = scored.sum(axis=1)
    return np.column_stack(
        [
            sums[:, list(topic.leaves)].sum(axis=1) / counts[list(topic.leaves)].sum()
            for topic in catalogue.topics
        ]
    )


def _forms() -> tuple[Floats, Floats]:
    """Return points and weights of the average over a day's form (Gauss-Hermite, five points)."""
    points, weights = np.polynomial.hermite_e.hermegauss(5)
    return FORM_SPREAD * points, weights / weights.sum()


def _scored(questions: Questions, index: np.ndarray, ability: Floats) -> Floats:
    """Return students x questions: the chance that the answer is the one the catalogue calls correct."""
    chance = chance_correct(questions, index[None, :], ability[:, None])
    key = questions.key[index]
    lures = np.diff(questions.lures[index], axis=1, prepend=0.0)[np.arange(len(index)), key]
    scored: Floats = np.where(questions.answer[index] == key, chance, (1 - chance) * lures)
    return scored
