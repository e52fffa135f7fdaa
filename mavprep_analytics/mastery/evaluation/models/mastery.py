"""Our own model: decayed first answers, read down the chain student -> topic at the end of the day before."""

import numpy as np

from mavprep_analytics.mastery import constants
from mavprep_analytics.mastery.evaluation.grouped import Past
from mavprep_analytics.mastery.evaluation.log import AnswerLog
from mavprep_analytics.mastery.evaluation.models.prediction import Prediction
from mavprep_analytics.mastery.evaluation.models.rates import question_rates
from mavprep_analytics.mastery.reading import Floats, Sums, average_student, deviation
from mavprep_analytics.mastery.reading import mastery as read


def mastery(log: AnswerLog) -> Prediction:
    """Predict first exposures from the state at the end of the day before."""
    first = log.first
    rates = question_rates(first)
    root = deviation(
        _sums(first, rates, Past([first.user], first.day)),
        average_student(len(first)),
        constants.ROOT_STRENGTH,
    )
    topic = deviation(
        _sums(first, rates, Past([first.user, first.skill], first.day)),
        root,
        constants.NODE_STRENGTH,
    )
    return Prediction(*read(rates, topic))


def _sums(first: AnswerLog, rates: Floats, past: Past) -> Sums:
    age = (first.day - first.day.min()) / constants.HALF_LIFE_DAYS
    weight = np.exp2(age)
    now = np.exp2(1 / constants.HALF_LIFE_DAYS - age)
    columns = np.stack([weight * first.correct, weight * rates, weight], axis=1)
    found = np.maximum(past.before(columns) * now[:, None], 0.0)
    return Sums(found[:, 0], found[:, 1], found[:, 2])
