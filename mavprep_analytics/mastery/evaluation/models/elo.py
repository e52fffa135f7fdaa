"""Elo of student, student's topic and question, after Pelánek (2016), doi:10.1016/j.compedu.2016.03.017.

Sequential by nature: a plain loop over first answers, once through the other folds to rate the questions
and once through the students who are predicted. Step sizes are a / (1 + b n) with a = .8, b = .05, not tuned.
"""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from mavprep_analytics.mastery.evaluation.log import FOLDS, AnswerLog
from mavprep_analytics.mastery.evaluation.models.prediction import Prediction
from mavprep_analytics.mastery.reading import Floats

STEP, STEP_DECAY = 0.8, 0.05


@dataclass
class _Rating:
    """A number that moves less the more often it moved."""

    value: float = 0.0
    moves: int = 0

    def move(self, surprise: float) -> None:
        self.value += STEP / (1 + STEP_DECAY * self.moves) * surprise
        self.moves += 1


_Played: TypeAlias = tuple[_Rating, _Rating, _Rating, float]


@dataclass
class _Ratings:
    items: dict[int, _Rating] = field(default_factory=dict)
    users: dict[int, _Rating] = field(default_factory=dict)
    topics: dict[tuple[int, int], _Rating] = field(default_factory=dict)


def elo(log: AnswerLog) -> Prediction:
    """Predict first exposures from the ratings at the end of the day before."""
    first = log.first
    chance = np.empty(len(first))
    for fold in range(FOLDS):
        trained = _Ratings()
        _play(first, np.flatnonzero(first.fold != fold), trained, learns_items=True)
        rows = np.flatnonzero(first.fold == fold)
        fresh = _Ratings(items=trained.items)
        chance[rows] = _play(first, rows, fresh, learns_items=False)
    return Prediction(np.clip(chance, 0.001, 0.999))


def _play(
    first: AnswerLog,
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    ratings: _Ratings,
    *,
    learns_items: bool,
) -> Floats:
    """Go through rows in order; return the chances, each from the ratings before the row's day."""
    chances = np.empty(len(rows))
    pending: list[_Played] = []
    today: tuple[int, int] | None = None
    columns = zip(
        first.user[rows].tolist(),
        first.day[rows].tolist(),
        first.skill[rows].tolist(),
        first.item[rows].tolist(),
        first.correct[rows].tolist(),
        strict=True,
    )
    for place, (user, day, skill, item, correct) in enumerate(columns):
        if (user, day) != today:
            _learn(pending, learns_items)
            pending, today = [], (user, day)
        question = ratings.items.setdefault(item, _Rating())
        student = ratings.users.setdefault(user, _Rating())
        topic = ratings.topics.setdefault((user, skill), _Rating())
        chances[place] = _chance(student, topic, question)
        pending.append((student, topic, question, correct))
    _learn(pending, learns_items)
    return chances


def _learn(played: list[_Played], learns_items: bool) -> None:
    for student, topic, question, correct in played:
        surprise = correct - _chance(student, topic, question)
        student.move(surprise)
        topic.move(surprise)
        if learns_items:
            question.move(-surprise)


def _chance(student: _Rating, topic: _Rating, question: _Rating) -> float:
    return 1 / (1 + math.exp(question.value - student.value - topic.value))
