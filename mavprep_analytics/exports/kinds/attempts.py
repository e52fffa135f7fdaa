"""PROGRESS items: test attempts with their answers."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports.attributes import (
    Count,
    Exact,
    Flag,
    Ignored,
    List,
    Map,
    OptionalText,
    Seconds,
    Text,
)
from mavprep_analytics.exports.columns import column, list_of_rows, positions
from mavprep_analytics.exports.kinds.base import (
    Horizon,
    Item,
    Row,
    optional_text,
    optional_timestamp,
    require_id,
)
from mavprep_analytics.exports.routing import Invalid, Key, timestamp

LONGEST_ANSWER_SECONDS = 14_400
_LONGEST_ATTEMPT_SECONDS = 999_999_999


class Answer(Struct, forbid_unknown_fields=True, rename="camel"):
    """One answer of an attempt."""

    question_id: Text
    correct: Flag
    selected_option: Text | UnsetType = UNSET
    time_spent: Seconds | UnsetType = UNSET


class Score(Struct, forbid_unknown_fields=True, rename="camel"):
    """Right answers out of all, of a topic or a difficulty level."""

    correct: Count
    total: Count
    percentage: Ignored = UNSET


class Breakdown(Struct, forbid_unknown_fields=True, rename="camel"):
    """Scores by difficulty; an absent level is 0."""

    easy: Map[Score] | UnsetType = UNSET
    medium: Map[Score] | UnsetType = UNSET
    hard: Map[Score] | UnsetType = UNSET


class Attempt(Item, rename="camel"):
    """A test attempt."""

    test_id: Text
    subject_id: Text
    score: Exact
    total_questions: Count
    correct_answers: Count
    incorrect_answers: Count
    skipped_questions: Count
    percentage_score: Exact
    start_time: Text
    time_spent_seconds: Seconds
    completed: Flag
    graded: Flag
    attempt_id: OptionalText | UnsetType = UNSET
    subject_name: OptionalText | UnsetType = UNSET
    end_time: OptionalText | UnsetType = UNSET
    answers: List[Map[Answer]] | UnsetType = UNSET
    topic_performance: Map[dict[str, Map[Score]]] | UnsetType = UNSET
    difficulty_breakdown: Map[Breakdown] | UnsetType = UNSET
    user_id: Text | UnsetType = UNSET
    test_name: Ignored = UNSET


def attempt_rows(item: Attempt, key: Key, horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_attempts."""
    user_id, test_id, attempt_key = key.parts
    require_id(item.test_id, test_id, "testId")
    require_id(item.user_id, user_id, "userId")
    started, ended = _times(item, key, horizon)
    counts = _counts(item)
    return (
        (
            user_id,
            test_id,
            attempt_key,
            optional_text(item.attempt_id, "attemptId"),
            item.subject_id.S,
            optional_text(item.subject_name, "subjectName"),
            item.score.N,
            _percentage(item.percentage_score.N),
            *counts,
            started,
            ended,
            _time_spent(item.time_spent_seconds.N),
            item.completed.BOOL,
            item.graded.BOOL,
            None if isinstance(item.answers, UnsetType) else item.answers.L,
            _topics(item.topic_performance),
            *_levels(item.difficulty_breakdown),
        ),
    )


def _times(item: Attempt, key: Key, horizon: Horizon) -> tuple[int, int | None]:
    started = timestamp(item.start_time.S, "startTime")
    if started != key.at_micros:
        raise Invalid("key_mismatch", "startTime")
    ended = optional_timestamp(item.end_time, "endTime")
    if ended is not None and ended < started:
        raise Invalid("time_order", "endTime")
    horizon.check(started, "startTime")
    horizon.check(ended, "endTime")
    return started, ended


def _counts(item: Attempt) -> tuple[int, int, int, int]:
    total, right = item.total_questions.N, item.correct_answers.N
    wrong, skipped = item.incorrect_answers.N, item.skipped_questions.N
    if right + wrong + skipped > total:
        raise Invalid("inconsistent_counts", "totalQuestions")
    return total, right, wrong, skipped


def _percentage(text: str) -> str:
    whole, _, rest = text.partition(".")
    if (
        (text[0] == "-" and text.strip("-0."))
        or int(whole) > 100
        or (int(whole) == 100 and rest.strip("0"))
    ):
        raise Invalid("out_of_range", "percentageScore")
    return text


def _time_spent(seconds: float) -> int:
    if not 0 <= seconds <= _LONGEST_ATTEMPT_SECONDS:
        raise Invalid("out_of_range", "timeSpentSeconds")
    return round(seconds * 1_000_000)


def _topics(topics: Map[dict[str, Map[Score]]] | UnsetType) -> list[Row] | None:
    if isinstance(topics, UnsetType):
        return None
    return sorted((topic, score.M.correct.N, score.M.total.N) for topic, score in topics.M.items())


def _levels(breakdown: Map[Breakdown] | UnsetType) -> tuple[int | None, ...]:
    if isinstance(breakdown, UnsetType):
        return (None,) * 6
    levels = (breakdown.M.easy, breakdown.M.medium, breakdown.M.hard)
    return tuple(n for level in levels for n in _level(level))


def _level(level: Map[Score] | UnsetType) -> tuple[int, int]:
    return (0, 0) if isinstance(level, UnsetType) else (level.M.correct.N, level.M.total.N)


def answers_column(data_type: Any, lists: Sequence[list[Any] | None]) -> Any:
    """Return the nested answers; times outside 0 to 14,400 s are lost, their answers are kept."""
    items = [answer.M for answers in lists if answers for answer in answers]
    options = [item.selected_option for item in items]
    spent = [item.time_spent for item in items]
    columns = [
        [item.question_id.S for item in items],
        [None if option is UNSET else option.S for option in options],
        [item.correct.BOOL for item in items],
        [
            round(time.N * 1_000_000)
            if time is not UNSET and 0 <= time.N <= LONGEST_ANSWER_SECONDS
            else None
            for time in spent
        ],
    ]
    fields = list(data_type.value_type)
    arrays = [column(f.type, held) for f, held in zip(fields[1:], columns, strict=True)]
    return list_of_rows(data_type, lists, [positions(lists), *arrays])
