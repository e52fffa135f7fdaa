"""PROGRESS items: test attempts with their answers."""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports.attributes import (
    Count,
    Exact,
    Flag,
    Ignored,
    Map,
    OptionalText,
    Seconds,
    Text,
)
from mavprep_analytics.exports.explaining import explain
from mavprep_analytics.exports.kinds.answers import Answers, Columns, read_answers
from mavprep_analytics.exports.kinds.base import (
    Horizon,
    Item,
    Row,
    optional_text,
    optional_timestamp,
    require_id,
)
from mavprep_analytics.exports.routing import Invalid, Key, timestamp

_LONGEST_ATTEMPT_SECONDS = 999_999_999


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
    answers: Answers | UnsetType = UNSET
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
            _answers(item.answers),
            _topics(item.topic_performance),
            *_levels(item.difficulty_breakdown),
        ),
    )


def _times(item: Attempt, key: Key, horizon: Horizon) -> tuple[int, int | None]:
    started = key.at_micros
    if started is None or (
        key.parts[-1] != item.start_time.S and timestamp(item.start_time.S, "startTime") != started
    ):
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


def _answers(answers: msgspec.Raw | UnsetType) -> Columns | None:
    if isinstance(answers, UnsetType):
        return None
    try:
        return read_answers(bytes(answers))
    except (msgspec.ValidationError, ValueError) as error:
        raise explain(error, "answers") from None


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
