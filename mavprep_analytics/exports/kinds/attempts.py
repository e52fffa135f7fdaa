"""PROGRESS items: test attempts with their answers."""

import re
from typing import Annotated, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import UNSET, Meta, Struct, UnsetType

from mavprep_analytics.exports.attributes import (
    NO_ID,
    NO_MAP,
    NO_TEXT,
    Count,
    Exact,
    Flag,
    Ignored,
    Map,
    OptionalMap,
    OptionalText,
    Seconds,
    Text,
)
from mavprep_analytics.exports.batches import Batch
from mavprep_analytics.exports.kinds.answers import ANSWERS, SCORES, Answers, Score, Scores
from mavprep_analytics.exports.kinds.base import Item
from mavprep_analytics.exports.times import as_mask

_TIMES = re.compile(rb'"timeSpent"\s*:\s*\{\s*"N"')
_LONGEST_ATTEMPT_SECONDS = 999_999_999
_COUNTS = ("total_questions", "correct_answers", "incorrect_answers", "skipped_questions")


LazyAnswers = Annotated[msgspec.Raw, Meta(extra={"holds": Answers})]
LazyScores = Annotated[msgspec.Raw, Meta(extra={"holds": Scores})]
"""Attributes as text, taken apart by the block."""


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
    attempt_id: OptionalText = NO_TEXT
    subject_name: OptionalText = NO_TEXT
    end_time: OptionalText = NO_TEXT
    answers: LazyAnswers | UnsetType = UNSET
    topic_performance: LazyScores | UnsetType = UNSET
    difficulty_breakdown: OptionalMap[Breakdown] = NO_MAP
    user_id: Text = NO_ID
    test_name: Ignored = UNSET


def attempt_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_attempts."""
    batch.require_id("test_id", 1)
    batch.require_id("user_id", 0)
    started, ended = _times(batch)
    counts = _counts(batch)
    return (
        [
            *(batch.part_text(place) for place in range(3)),
            batch.texts("attempt_id"),
            batch.texts("subject_id"),
            batch.texts("subject_name"),
            batch.exact("score"),
            batch.exact("percentage_score", 0, 100),
            *counts,
            started,
            ended,
            batch.duration("time_spent_seconds", _LONGEST_ATTEMPT_SECONDS),
            batch.flag("completed"),
            batch.flag("graded"),
            _answers(batch),
            SCORES.column(batch.raw("topic_performance"), batch.each),
            *_levels(batch),
        ],
    )


def _answers(batch: Batch) -> Any:
    """Return the answers; those that lost their time are noted."""
    texts = batch.raw("answers")
    column = ANSWERS.column(texts, batch.each)
    has_time = column.flatten().field("seconds").is_valid()
    if pc.all(has_time).as_py() is False:
        owners = pc.list_parent_indices(column).filter(has_time)
        kept = np.bincount(owners.to_numpy(), minlength=texts.total)
        batch.notes += [
            (row, "answers[].timeSpent")
            for row, text in zip(texts.rows.tolist(), texts.pieces, strict=True)
            if len(_TIMES.findall(text)) > kept[row]
        ]
    return column


def _times(batch: Batch) -> tuple[Any, Any]:
    started = batch.placed.at
    if not batch.texts("start_time").equals(batch.part_text(2)):
        written = batch.instants("start_time")
        batch.refuse(as_mask(pc.not_equal(written, started)), "key_mismatch", "startTime")
    ended = batch.instants("end_time")
    batch.refuse(as_mask(pc.less(ended, started)), "time_order", "endTime")
    batch.refuse_future(started, "startTime")
    batch.refuse_future(ended, "endTime")
    return started, ended


def _counts(batch: Batch) -> list[Any]:
    total, *parts = map(batch.whole, _COUNTS)
    right, wrong, skipped = (part.to_numpy().astype(np.uint64) for part in parts)
    is_over = right + wrong + skipped > total.to_numpy().astype(np.uint64)
    batch.refuse(is_over, "inconsistent_counts", "totalQuestions")
    return [total, *parts]


def _levels(batch: Batch) -> list[Any]:
    """Return correct and total of the three levels; null: no breakdown."""
    rows = [_level_counts(breakdown) for breakdown in batch.optional("difficulty_breakdown", "M")]
    return [pa.array(column, pa.int64()) for column in zip(*rows, strict=True)]


def _level_counts(breakdown: Breakdown | None) -> tuple[int | None, ...]:
    if breakdown is None:
        return (None,) * 6
    counts: list[int | None] = []
    for level in (breakdown.easy, breakdown.medium, breakdown.hard):
        counts += (0, 0) if isinstance(level, UnsetType) else (level.M.correct.N, level.M.total.N)
    return tuple(counts)
