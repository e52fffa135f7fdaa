"""DAILY items: one student's local day, summed from that week's attempts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from mavprep_analytics.campus.attempt_draws import Attempts
from mavprep_analytics.campus.catalogue import Catalogue, Flags, Ints
from mavprep_analytics.campus.curriculum import COURSES
from mavprep_analytics.campus.term_calendar import Term


@dataclass
class Streaks:
    """Study streak of each student of a batch: the last active day and the days in a row."""

    last_day: Ints
    length: Ints

    @classmethod
    def none(cls, students: int) -> "Streaks":
        """Return streaks of students who have not begun."""
        return cls(np.full(students, -2), np.zeros(students, dtype=np.int64))

    def extend(self, student: int, day: int) -> int:
        """Count a day of study and return the streak that it ends."""
        follows = self.last_day[student] == day - 1
        self.length[student] = self.length[student] + 1 if follows else 1
        self.last_day[student] = day
        return int(self.length[student])


def daily_items(
    rng: np.random.Generator,
    catalogue: Catalogue,
    attempts: Attempts,
    streaks: Streaks,
    user_ids: list[str],
    term: Term,
) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (epoch second, item) per student and local day with at least one completed attempt."""
    done = np.flatnonzero(attempts.completed)
    if not len(done):
        return
    sums, subjects = _sums(catalogue, attempts, done)
    draws = rng.integers(0, 6, (len(sums), 3)).tolist()
    for row, studied, draw in zip(sums.tolist(), subjects, draws, strict=True):
        streak = streaks.extend(row[0], row[1])
        yield row[-1], _item(user_ids[row[0]], row, studied, draw, streak, term)


def _sums(catalogue: Catalogue, attempts: Attempts, done: Ints) -> tuple[Ints, Flags]:
    """Return rows (student, day, tests, answered, correct, seconds, last end) by student and day, and subjects."""
    answered = np.bincount(attempts.of_attempt, minlength=len(attempts))
    days, group = np.unique(
        np.column_stack([attempts.student[done], attempts.local_day[done]]),
        axis=0,
        return_inverse=True,
    )
    columns = [np.ones(len(done)), answered[done], attempts.correct[done], attempts.seconds[done]]
    sums = [np.bincount(group, column).astype(np.int64) for column in columns]
    ends = np.zeros(len(days), dtype=np.int64)
    np.maximum.at(ends, group, (attempts.started + attempts.seconds)[done])
    subjects = np.zeros((len(days), len(COURSES)), dtype=bool)
    subjects[group, catalogue.tests.subject[attempts.test[done]]] = True
    return np.column_stack([days, *sums, ends]), subjects


def _item(
    user_id: str, row: list[int], studied: Flags, draw: list[int], streak: int, term: Term
) -> dict[str, object]:
    _, day, tests, answered, correct, seconds, _ = row
    date = (term.first_day + timedelta(days=day)).isoformat()
    names = [COURSES[subject].name for subject in np.flatnonzero(studied)]
    test_minutes, videos, cards, community = -(-seconds // 60), draw[0], draw[1] * 5, draw[2]
    return {
        "PK": f"USER#{user_id}",
        "SK": f"DAILY#{date}",
        "date": date,
        "testsCompleted": tests,
        "questionsAnswered": answered,
        "correctAnswers": correct,
        "studyTimeMinutes": test_minutes + 8 * videos + cards // 2 + community,
        "videosWatched": videos,
        "flashcardsReviewed": cards,
        "topicsStudied": [name.split()[0].lower() for name in names],
        "subjectsStudied": names,
        "studyStreak": streak,
        "loginStreak": streak + draw[2],
        "timeByActivity": {
            "tests": test_minutes,
            "flashcards": cards // 2,
            "videos": 8 * videos,
            "community": community,
        },
    }
