"""Attempts as DynamoDB items, built from text that is prepared once per question and number.

Ten million answers are joins of prepared strings; only attempts are built one at a time. Not here: the
draws themselves (`attempt_draws`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np

from mavprep_analytics.campus.attempt_draws import Attempts
from mavprep_analytics.campus.catalogue import BANDS, OPTIONS, Catalogue, Ints
from mavprep_analytics.campus.curriculum import COURSES
from mavprep_analytics.campus.dynamodb_json import RawJson
from mavprep_analytics.campus.population import random_uuids
from mavprep_analytics.campus.term_calendar import iso_seconds
from mavprep_analytics.campus.topic_names import slug

_BAND_POINTS = np.array((1, 2, 3))
_UNLISTED_TESTS = 12
_MAX_SECONDS = 281


class AttemptTexts:
    """Prepared text of a catalogue's answers and topics."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        questions = catalogue.questions
        self._answers = np.array(
            [
                [
                    f'{{"M":{{"questionId":{{"S":"{name}"}},"selectedOption":{{"S":"{label}"}},'
                    f'"correct":{{"BOOL":{"true" if option == key else "false"}}},"timeSpent":{{"N":"'
                    for option, label in enumerate(OPTIONS)
                ]
                for name, key in zip(questions.ids, questions.key, strict=True)
            ],
            dtype=object,
        )
        self._seconds = np.array(
            [f'{seconds}"}}}}}}' for seconds in range(_MAX_SECONDS)], dtype=object
        )
        self._slugs = [slug(topic.name) for topic in catalogue.leaf_topics]
        self._unlisted = [f"archived-test-{number}" for number in range(_UNLISTED_TESTS)]

    def items(
        self, rng: np.random.Generator, attempts: Attempts, user_ids: list[str]
    ) -> Iterator[dict[str, object]]:
        """Yield one item per attempt, in the attempts' order."""
        if not len(attempts):
            return
        chance = rng.random((len(attempts), 4))
        columns = zip(
            random_uuids(rng, len(attempts)),
            attempts.student.tolist(),
            attempts.test.tolist(),
            attempts.started.tolist(),
            iso_seconds(attempts.started),
            iso_seconds(attempts.started + attempts.seconds + rng.integers(0, 90, len(attempts))),
            attempts.seconds.tolist(),
            attempts.total.tolist(),
            attempts.correct.tolist(),
            np.bincount(attempts.of_attempt, minlength=len(attempts)).tolist(),
            attempts.skipped.tolist(),
            self._scores(attempts),
            self._topic_performance(attempts, chance[:, 0]),
            self._difficulty_breakdown(attempts),
            self._answer_lists(attempts, chance[:, 1]),
            zip(
                attempts.completed.tolist(),
                attempts.graded.tolist(),
                attempts.has_answers.tolist(),
                attempts.is_listed.tolist(),
                strict=True,
            ),
            chance[:, 2:].tolist(),
            strict=True,
        )
        for column in columns:
            yield self._item(column, user_ids)

    def _item(self, column: tuple[Any, ...], user_ids: list[str]) -> dict[str, object]:
        (
            attempt_id,
            student,
            test,
            started,
            start_text,
            end_text,
            seconds,
            total,
            correct,
            answered,
        ) = column[:10]
        skipped, score, topics, bands, answers, flags, chance = column[10:]
        completed, graded, has_answers, is_listed = flags
        subject = int(self.catalogue.tests.subject[test])
        test_id = (
            self.catalogue.tests.ids[test] if is_listed else self._unlisted[test % _UNLISTED_TESTS]
        )
        course = COURSES[subject]
        item: dict[str, object] = {
            "PK": f"USER#{user_ids[student]}",
            "SK": f"PROGRESS#{test_id}#{start_text}",
            "attemptId": attempt_id,
            "testId": test_id,
            "testName": self.catalogue.tests.names[test],
            "subjectId": f" {course.code.lower()}"
            if chance[0] < 0.02
            else self.catalogue.subject_ids[subject],
            "subjectName": course.name,
            "score": score,
            "totalQuestions": total,
            "correctAnswers": correct,
            "incorrectAnswers": answered - correct,
            "skippedQuestions": skipped,
            "percentageScore": percentage(correct, total),
            "startTime": _with_offset(started) if chance[1] < 0.01 else start_text,
            "timeSpentSeconds": seconds,
            "topicPerformance": topics,
            "difficultyBreakdown": bands,
            "completed": completed,
            "graded": graded,
        }
        if completed:
            item["endTime"] = end_text
        if has_answers:
            item["answers"] = answers
        return item

    def _scores(self, attempts: Attempts) -> list[int]:
        points = (
            _BAND_POINTS[self.catalogue.questions.band[attempts.question]] * attempts.is_correct
        )
        scores: list[int] = (
            np.bincount(attempts.of_attempt, points, len(attempts)).astype(int).tolist()
        )
        return scores

    def _answer_lists(self, attempts: Attempts, chance: np.ndarray) -> list[RawJson]:
        pieces = np.empty(2 * len(attempts.question), dtype=object)
        pieces[0::2] = self._answers[attempts.question, attempts.option]
        pieces[1::2] = self._seconds[attempts.answer_seconds]
        counts = np.bincount(attempts.of_attempt, minlength=len(attempts))
        ends = np.cumsum(counts).tolist()
        answers = ["".join(pair) for pair in zip(*[iter(pieces.tolist())] * 2, strict=True)]
        texts = []
        for end, count, draw in zip(ends, counts.tolist(), chance.tolist(), strict=True):
            text = ",".join(answers[end - count : end])
            if draw < 0.003 and count:
                text = text.replace('"questionId":{"S":"', '"questionId":{"S":"draft-', 1)
            texts.append(RawJson(f'{{"L":[{text}]}}'))
        return texts

    def _topic_performance(self, attempts: Attempts, chance: np.ndarray) -> list[RawJson]:
        leaf = self.catalogue.questions.leaf[attempts.question]
        width = len(self.catalogue.leaf_topics)
        total, correct = _counts(attempts, leaf, width)
        members: list[list[str]] = [[] for _ in range(len(attempts))]
        has_ids = (chance < 0.1).tolist()
        for attempt, topic in np.argwhere(total > 0).tolist():
            name = self.catalogue.leaf_topics[topic].id if has_ids[attempt] else self._slugs[topic]
            share = _share(int(correct[attempt, topic]), int(total[attempt, topic]))
            members[attempt].append(f'"{name}":{share}')
        return [RawJson(f'{{"M":{{{",".join(parts)}}}}}') for parts in members]

    def _difficulty_breakdown(self, attempts: Attempts) -> list[RawJson]:
        band = self.catalogue.questions.band[attempts.question]
        total, correct = _counts(attempts, band, len(BANDS))
        return [
            RawJson(
                '{"M":{'
                + ",".join(f'"{BANDS[i]}":{_share(right[i], all_[i])}' for i in range(3) if all_[i])
                + "}}"
            )
            for right, all_ in zip(correct.tolist(), total.tolist(), strict=True)
        ]


def percentage(correct: int, total: int) -> Decimal:
    """Return 100 correct/total with two decimals, half up; 0 when nothing was asked."""
    return Decimal((20_000 * correct + total) // (2 * total) if total else 0).scaleb(-2)


def _counts(attempts: Attempts, kind: Ints, width: int) -> tuple[Ints, Ints]:
    cell = attempts.of_attempt * width + kind
    size = len(attempts) * width
    total = np.bincount(cell, minlength=size).reshape(-1, width)
    correct = np.bincount(cell[attempts.is_correct], minlength=size).reshape(-1, width)
    return total, correct


def _share(correct: int, total: int) -> str:
    return (
        f'{{"M":{{"correct":{{"N":"{correct}"}},"total":{{"N":"{total}"}},'
        f'"percentage":{{"N":"{_PERCENT[total][correct]}"}}}}}}'
    )


_PERCENT = [
    [f"{percentage(correct, total).normalize():f}" for correct in range(total + 1)]
    for total in range(51)
]


def _with_offset(started: int) -> str:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    return datetime.fromtimestamp(started, kathmandu).isoformat()
