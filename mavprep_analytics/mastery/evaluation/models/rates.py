"""Question rates from the students of other folds, shrunk as in `sql/marts/question_rates.sql`."""

import numpy as np

from mavprep_analytics.mastery import constants
from mavprep_analytics.mastery.evaluation.grouped import others
from mavprep_analytics.mastery.evaluation.log import FOLDS, AnswerLog
from mavprep_analytics.mastery.reading import Floats, shrunk


def question_rates(first: AnswerLog) -> Floats:
    """Return, per first exposure, the rate of its question among the students of the other folds.

    A log names no difficulty, so the band step draws a topic's rate to itself.
    """
    ones = np.ones(len(first))
    items = int(first.item.max()) + 1
    topic_of = np.zeros(items, dtype=np.int64)
    topic_of[first.item[::-1]] = first.skill[::-1]
    topics = topic_of[first.item]
    topic_n = others(first.fold, topics, ones, FOLDS)
    topic_x = others(first.fold, topics, first.correct, FOLDS)
    default = float(constants.DEFAULT_RATES[None])
    topic_rate = shrunk(topic_x, topic_n, default, constants.TOPIC_PSEUDO_ANSWERS)
    band_rate = shrunk(topic_x, topic_n, topic_rate, constants.TOPIC_BAND_PSEUDO_ANSWERS)
    item_n = others(first.fold, first.item, ones, FOLDS)
    item_x = others(first.fold, first.item, first.correct, FOLDS)
    rates = shrunk(item_x, item_n, band_rate[:, topic_of], constants.QUESTION_PSEUDO_ANSWERS)
    return np.clip(rates, *constants.RATE_RANGE)[first.fold, first.item]


def topic_rates(first: AnswerLog) -> Floats:
    """Return, per first exposure, the rate of its topic among the students of the other folds."""
    n = others(first.fold, first.skill, np.ones(len(first)), FOLDS)
    x = others(first.fold, first.skill, first.correct, FOLDS)
    default = float(constants.DEFAULT_RATES[None])
    return shrunk(x, n, default, constants.TOPIC_PSEUDO_ANSWERS)[first.fold, first.skill]
