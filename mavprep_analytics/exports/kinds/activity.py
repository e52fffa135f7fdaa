"""DAILY, FLASHCARD, DECK and PLAN items."""

from typing import Any

import pyarrow as pa
from msgspec import UNSET, Struct

from mavprep_analytics.exports.attributes import (
    NO_ID,
    NO_LIST,
    NO_NUMBER,
    NO_TEXT,
    NOT_SET,
    Count,
    Exact,
    Flag,
    Ignored,
    Map,
    OptionalExact,
    OptionalList,
    OptionalText,
    Text,
)
from mavprep_analytics.exports.batches import Batch
from mavprep_analytics.exports.columns import nested
from mavprep_analytics.exports.kinds.base import Item, optional_day, optional_text, required_day
from mavprep_analytics.exports.nesting import Row
from mavprep_analytics.tables import core

_PLANS = core.core_study_plans.arrow_schema


class Daily(Item, rename="camel"):
    """What a student did on a local date."""

    date: Text
    tests_completed: Count
    questions_answered: Count
    correct_answers: Count
    study_time_minutes: Exact
    videos_watched: Count
    flashcards_reviewed: Count
    topics_studied: Ignored = UNSET
    subjects_studied: Ignored = UNSET
    study_streak: Ignored = UNSET
    login_streak: Ignored = UNSET
    time_by_activity: Ignored = UNSET
    user_id: Text = NO_ID


def daily_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_daily_activities."""
    batch.require_id("date", 1)
    batch.require_id("user_id", 0)
    batch.refuse_future_days(batch.placed.at, "date")
    return (
        [
            batch.part_text(0),
            batch.placed.at,
            batch.whole("tests_completed"),
            batch.whole("questions_answered"),
            batch.whole("correct_answers"),
            batch.exact("study_time_minutes", 0),
            batch.whole("videos_watched"),
            batch.whole("flashcards_reviewed"),
        ],
    )


class Flashcard(Item, rename="camel"):
    """A flashcard with its SM-2 state."""

    card_id: Text
    interval: Exact
    repetition: Count
    review_count: Count
    correct_count: Count
    incorrect_count: Count
    deck_id: OptionalText = NO_TEXT
    ease_factor: OptionalExact = NO_NUMBER
    next_review: OptionalText = NO_TEXT
    last_reviewed: OptionalText = NO_TEXT
    tags: OptionalList[Text] = NO_LIST
    user_id: Text = NO_ID
    deck_name: Ignored = UNSET
    front: Ignored = UNSET
    back: Ignored = UNSET
    front_image_url: Ignored = UNSET
    back_image_url: Ignored = UNSET
    average_rating: Ignored = UNSET
    created: Ignored = UNSET
    source: Ignored = UNSET


def flashcard_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_flashcards."""
    batch.require_id("card_id", 1)
    batch.require_id("user_id", 0)
    last_reviewed = batch.instants("last_reviewed")
    batch.refuse_future(last_reviewed, "lastReviewed")
    return (
        [
            batch.part_text(0),
            batch.part_text(1),
            batch.texts("deck_id"),
            batch.exact("interval", 0),
            batch.whole("repetition"),
            batch.exact("ease_factor"),
            batch.instants("next_review"),
            last_reviewed,
            batch.whole("review_count"),
            batch.whole("correct_count"),
            batch.whole("incorrect_count"),
            _tags(batch),
        ],
    )


def _tags(batch: Batch) -> Any:
    lists = batch.optional("tags", "L")
    return pa.array(
        [None if tags is None else [tag.S for tag in tags] for tags in lists], pa.list_(pa.string())
    )


class Deck(Item, rename="camel"):
    """A deck of flashcards."""

    deck_id: Text
    subject_id: OptionalText = NO_TEXT
    user_id: Text = NO_ID
    deck_name: Ignored = UNSET
    total_cards: Ignored = UNSET
    new_cards: Ignored = UNSET
    learning_cards: Ignored = UNSET
    review_cards: Ignored = UNSET
    new_cards_per_day: Ignored = UNSET
    reviews_per_day: Ignored = UNSET
    created: Ignored = UNSET
    last_reviewed: Ignored = UNSET


def deck_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_decks."""
    batch.require_id("deck_id", 1)
    batch.require_id("user_id", 0)
    return ([batch.part_text(0), batch.part_text(1), batch.texts("subject_id")],)


class PlanTopic(Struct, forbid_unknown_fields=True, rename="camel"):
    """A topic of a plan's subject: one task."""

    topic_id: OptionalText = NO_TEXT
    topic_name: OptionalText = NO_TEXT
    scheduled_date: OptionalText = NO_TEXT
    completed: Flag = NOT_SET
    performance: Ignored = UNSET
    time_spent: Ignored = UNSET


class PlanSubject(Struct, forbid_unknown_fields=True, rename="camel"):
    """A subject of a plan."""

    subject_id: OptionalText = NO_TEXT
    subject_name: OptionalText = NO_TEXT
    topics: OptionalList[Map[PlanTopic]] = NO_LIST
    priority: Ignored = UNSET
    current_mastery: Ignored = UNSET
    target_mastery: Ignored = UNSET


class Milestone(Struct, forbid_unknown_fields=True, rename="camel"):
    """A milestone of a plan."""

    date: Text
    description: OptionalText = NO_TEXT
    completed: Flag = NOT_SET
    completed_date: OptionalText = NO_TEXT


class Plan(Item, rename="camel"):
    """A study plan."""

    plan_id: Text
    status: Text
    tasks_completed: Count
    tasks_total: Count
    plan_name: OptionalText = NO_TEXT
    exam_date: OptionalText = NO_TEXT
    target_score: OptionalExact = NO_NUMBER
    subjects: OptionalList[Map[PlanSubject]] = NO_LIST
    milestones: OptionalList[Map[Milestone]] = NO_LIST
    created: OptionalText = NO_TEXT
    user_id: Text = NO_ID
    days_until_exam: Ignored = UNSET
    overall_progress: Ignored = UNSET
    study_hours_per_day: Ignored = UNSET
    study_days_per_week: Ignored = UNSET
    preferred_study_time: Ignored = UNSET
    last_updated: Ignored = UNSET


def plan_columns(batch: Batch) -> tuple[list[Any], ...]:
    """Return the columns of core_study_plans."""
    batch.require_id("plan_id", 1)
    batch.require_id("user_id", 0)
    return (
        [
            batch.part_text(0),
            batch.part_text(1),
            batch.texts("plan_name"),
            batch.texts("status"),
            batch.instants("exam_date"),
            batch.exact("target_score"),
            batch.whole("tasks_completed"),
            batch.whole("tasks_total"),
            nested(_PLANS.field("tasks").type, batch.each(_tasks, batch.optional("subjects", "L"))),
            nested(
                _PLANS.field("milestones").type,
                batch.each(_milestones, batch.optional("milestones", "L")),
            ),
            batch.instants("created"),
        ],
    )


def _tasks(subjects: list[Map[PlanSubject]]) -> list[Row]:
    return [
        (
            optional_text(subject.M.subject_id, "subjects[].subjectId"),
            optional_text(subject.M.subject_name, "subjects[].subjectName"),
            *_task(topic.M),
        )
        for subject in subjects
        for topic in subject.M.topics.L or ()
    ]


def _task(topic: PlanTopic) -> Row:
    return (
        optional_text(topic.topic_id, "subjects[].topics[].topicId"),
        optional_text(topic.topic_name, "subjects[].topics[].topicName"),
        optional_day(topic.scheduled_date, "subjects[].topics[].scheduledDate"),
        topic.completed.BOOL,
    )


def _milestones(milestones: list[Map[Milestone]]) -> list[Row]:
    return [
        (
            required_day(milestone.M.date, "milestones[].date"),
            optional_text(milestone.M.description, "milestones[].description"),
            milestone.M.completed.BOOL,
            optional_day(milestone.M.completed_date, "milestones[].completedDate"),
        )
        for milestone in milestones
    ]
