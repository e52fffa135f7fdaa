"""What most products show: the share of correct answers in the topic so far, plain and smoothed."""

import numpy as np

from mavprep_analytics.mastery.evaluation.grouped import Past
from mavprep_analytics.mastery.evaluation.log import AnswerLog
from mavprep_analytics.mastery.evaluation.models.prediction import Prediction
from mavprep_analytics.mastery.evaluation.models.rates import topic_rates
from mavprep_analytics.mastery.reading import Floats, shrunk

SMOOTHING = 5.0
CERTAINTY = 0.01
"""0 % and 100 % are predicted as 1 % and 99 %, which spares percent correct an infinite loss."""


def percent_correct(log: AnswerLog) -> Prediction:
    """Predict the share of earlier first answers in the topic; before any, the topic's rate."""
    first = log.first
    correct, answers = _past(first)
    share = np.where(answers > 0, correct / np.maximum(answers, 1), topic_rates(first))
    return Prediction(np.clip(share, CERTAINTY, 1 - CERTAINTY))


def smoothed_percent(log: AnswerLog) -> Prediction:
    """Predict the same share, drawn to the topic's rate by five pseudo-answers."""
    first = log.first
    correct, answers = _past(first)
    share = shrunk(correct, answers, topic_rates(first), SMOOTHING)
    return Prediction(np.clip(share, CERTAINTY, 1 - CERTAINTY))


def _past(first: AnswerLog) -> tuple[Floats, Floats]:
    past = Past([first.user, first.skill], first.day)
    return past.before(first.correct), past.before(np.ones(len(first)))
