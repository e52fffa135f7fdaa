"""DAILY, FLASHCARD, DECK and PLAN items."""

from datetime import date

from msgspec import UNSET, Struct, UnsetType

from mavprep_analytics.exports.attributes import (
    Count,
    Exact,
    Flag,
    Ignored,
    List,
    Map,
    OptionalText,
    Text,
)
from mavprep_analytics.exports.kinds.base import (
    Horizon,
    Item,
    Row,
    optional_day,
    optional_text,
    optional_timestamp,
    require_id,
)
from mavprep_analytics.exports.routing import Invalid, Key, day


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
    user_id: Text | UnsetType = UNSET


def daily_rows(item: Daily, key: Key, horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_daily_activities."""
    user_id, on = key.parts
    require_id(item.date, on, "date")
    require_id(item.user_id, user_id, "userId")
    activity_date = date.fromisoformat(on)
    horizon.check_date(activity_date, "date")
    return (
        (
            user_id,
            activity_date,
            item.tests_completed.N,
            item.questions_answered.N,
            item.correct_answers.N,
            _not_negative(item.study_time_minutes, "studyTimeMinutes"),
            item.videos_watched.N,
            item.flashcards_reviewed.N,
        ),
    )


def _not_negative(number: Exact, name: str) -> str:
    if number.N[0] == "-" and number.N.strip("-0."):
        raise Invalid("out_of_range", name)
    return number.N


class Flashcard(Item, rename="camel"):
    """A flashcard with its SM-2 state."""

    card_id: Text
    interval: Exact
    repetition: Count
    review_count: Count
    correct_count: Count
    incorrect_count: Count
    deck_id: OptionalText | UnsetType = UNSET
    ease_factor: Exact | UnsetType = UNSET
    next_review: OptionalText | UnsetType = UNSET
    last_reviewed: OptionalText | UnsetType = UNSET
    tags: List[Text] | UnsetType = UNSET
    user_id: Text | UnsetType = UNSET
    deck_name: Ignored = UNSET
    front: Ignored = UNSET
    back: Ignored = UNSET
    front_image_url: Ignored = UNSET
    back_image_url: Ignored = UNSET
    average_rating: Ignored = UNSET
    created: Ignored = UNSET
    source: Ignored = UNSET


def flashcard_rows(item: Flashcard, key: Key, horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_flashcards."""
    user_id, card_id = key.parts
    require_id(item.card_id, card_id, "cardId")
    require_id(item.user_id, user_id, "userId")
    last_reviewed = optional_timestamp(item.last_reviewed, "lastReviewed")
    horizon.check(last_reviewed, "lastReviewed")
    return (
        (
            user_id,
            card_id,
            optional_text(item.deck_id, "deckId"),
            _not_negative(item.interval, "interval"),
            item.repetition.N,
            None if isinstance(item.ease_factor, UnsetType) else item.ease_factor.N,
            optional_timestamp(item.next_review, "nextReview"),
            last_reviewed,
            item.review_count.N,
            item.correct_count.N,
            item.incorrect_count.N,
            None if isinstance(item.tags, UnsetType) else [tag.S for tag in item.tags.L],
        ),
    )


class Deck(Item, rename="camel"):
    """A deck of flashcards."""

    deck_id: Text
    subject_id: OptionalText | UnsetType = UNSET
    user_id: Text | UnsetType = UNSET
    deck_name: Ignored = UNSET
    total_cards: Ignored = UNSET
    new_cards: Ignored = UNSET
    learning_cards: Ignored = UNSET
    review_cards: Ignored = UNSET
    new_cards_per_day: Ignored = UNSET
    reviews_per_day: Ignored = UNSET
    created: Ignored = UNSET
    last_reviewed: Ignored = UNSET


def deck_rows(item: Deck, key: Key, _horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_decks."""
    user_id, deck_id = key.parts
    require_id(item.deck_id, deck_id, "deckId")
    require_id(item.user_id, user_id, "userId")
    return ((user_id, deck_id, optional_text(item.subject_id, "subjectId")),)


class PlanTopic(Struct, forbid_unknown_fields=True, rename="camel"):
    """A topic of a plan's subject: one task."""

    topic_id: OptionalText | UnsetType = UNSET
    topic_name: OptionalText | UnsetType = UNSET
    scheduled_date: OptionalText | UnsetType = UNSET
    completed: Flag | UnsetType = UNSET
    performance: Ignored = UNSET
    time_spent: Ignored = UNSET


class PlanSubject(Struct, forbid_unknown_fields=True, rename="camel"):
    """A subject of a plan."""

    subject_id: OptionalText | UnsetType = UNSET
    subject_name: OptionalText | UnsetType = UNSET
    topics: List[Map[PlanTopic]] | UnsetType = UNSET
    priority: Ignored = UNSET
    current_mastery: Ignored = UNSET
    target_mastery: Ignored = UNSET


class Milestone(Struct, forbid_unknown_fields=True, rename="camel"):
    """A milestone of a plan."""

    date: Text
    description: OptionalText | UnsetType = UNSET
    completed: Flag | UnsetType = UNSET
    completed_date: OptionalText | UnsetType = UNSET


class Plan(Item, rename="camel"):
    """A study plan."""

    plan_id: Text
    status: Text
    tasks_completed: Count
    tasks_total: Count
    plan_name: OptionalText | UnsetType = UNSET
    exam_date: OptionalText | UnsetType = UNSET
    target_score: Exact | UnsetType = UNSET
    subjects: List[Map[PlanSubject]] | UnsetType = UNSET
    milestones: List[Map[Milestone]] | UnsetType = UNSET
    created: OptionalText | UnsetType = UNSET
    user_id: Text | UnsetType = UNSET
    days_until_exam: Ignored = UNSET
    overall_progress: Ignored = UNSET
    study_hours_per_day: Ignored = UNSET
    study_days_per_week: Ignored = UNSET
    preferred_study_time: Ignored = UNSET
    last_updated: Ignored = UNSET


def plan_rows(item: Plan, key: Key, _horizon: Horizon) -> tuple[Row, ...]:
    """Return the row of core_study_plans."""
    user_id, plan_id = key.parts
    require_id(item.plan_id, plan_id, "planId")
    require_id(item.user_id, user_id, "userId")
    subjects, milestones = item.subjects, item.milestones
    return (
        (
            user_id,
            plan_id,
            optional_text(item.plan_name, "planName"),
            item.status.S,
            optional_timestamp(item.exam_date, "examDate"),
            None if isinstance(item.target_score, UnsetType) else item.target_score.N,
            item.tasks_completed.N,
            item.tasks_total.N,
            None
            if isinstance(subjects, UnsetType)
            else [task for subject in subjects.L for task in _tasks(subject.M)],
            None if isinstance(milestones, UnsetType) else [_milestone(m.M) for m in milestones.L],
            optional_timestamp(item.created, "created"),
        ),
    )


def _tasks(subject: PlanSubject) -> list[Row]:
    if isinstance(subject.topics, UnsetType):
        return []
    subject_id = optional_text(subject.subject_id, "subjects[].subjectId")
    subject_name = optional_text(subject.subject_name, "subjects[].subjectName")
    return [(subject_id, subject_name, *_task(topic.M)) for topic in subject.topics.L]


def _task(topic: PlanTopic) -> Row:
    return (
        optional_text(topic.topic_id, "subjects[].topics[].topicId"),
        optional_text(topic.topic_name, "subjects[].topics[].topicName"),
        optional_day(topic.scheduled_date, "subjects[].topics[].scheduledDate"),
        not isinstance(topic.completed, UnsetType) and topic.completed.BOOL,
    )


def _milestone(milestone: Milestone) -> Row:
    return (
        day(milestone.date.S, "milestones[].date"),
        optional_text(milestone.description, "milestones[].description"),
        not isinstance(milestone.completed, UnsetType) and milestone.completed.BOOL,
        optional_day(milestone.completed_date, "milestones[].completedDate"),
    )
