"""The payload: every number of one student's weekly report, frozen as versioned JSON.

Here belongs the shape and its JSON form. It holds no name and no address, no formatting and no
language: those are applied when the mail is rendered. Shares are whole percent, rounded half up.
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal

import msgspec

PAYLOAD_VERSION = 1

Kind = Literal["full", "first", "quiet"]


class Week(msgspec.Struct, frozen=True):
    """One week of one student, from its row in `student_week`.

    Args:
        days: study minutes from Monday to Sunday.
        cards_due: flashcards due by next Monday; null: not known for this week.
    """

    tests: int
    questions: int
    correct: int
    minutes: int
    days: tuple[int, ...]
    active_days: int
    flashcards_reviewed: int
    streak_days: int
    longest_streak_days: int
    tasks_planned: int
    tasks_done: int
    cards_due: int | None = None

    @property
    def accuracy(self) -> int | None:
        """Correct answers in whole percent of all answers; null without answers."""
        return percent(self.correct, self.questions)


class Mastery(msgspec.Struct, frozen=True):
    """One topic's reading from `topic_mastery`, in whole percent; previous is null without evidence then."""

    topic_id: str
    name: str
    subject: str
    now: int
    low: int
    high: int
    answers: int
    previous: int | None = None

    @property
    def change(self) -> int | None:
        """Points gained since the week before, of the rounded readings, so that the mail adds up."""
        return None if self.previous is None else self.now - self.previous


class Video(msgspec.Struct, frozen=True):
    """A published lesson of `catalogue_videos`; minutes are rounded up."""

    video_id: str
    title: str
    minutes: int


class Reason(msgspec.Struct, frozen=True):
    """Why an hour pays in a topic: `missed` count of total, `idle` or `fell` by count, or `weight` percent."""

    kind: Literal["missed", "idle", "fell", "weight"]
    count: int
    total: int = 0


class Opportunity(msgspec.Struct, frozen=True):
    """A topic where an hour pays most, with what to do there.

    Args:
        minutes: what the offered actions take together.
        weight: the topic's share of its subject's questions, in percent.
    """

    topic_id: str
    name: str
    mastery: int
    reason: Reason
    cards_due: int
    minutes: int
    weight: int
    video: Video | None = None


class Step(msgspec.Struct, frozen=True):
    """The one best next step.

    Args:
        count: flashcards, or questions of a practice test.
        target: id of the topic or video; empty: the product's own choice.
        milestone_on: the milestone that it should come before; null: none.
    """

    kind: Literal["flashcards", "video", "practice"]
    count: int
    minutes: int
    topic: str = ""
    target: str = ""
    title: str = ""
    milestone_on: date | None = None


class Milestone(msgspec.Struct, frozen=True):
    """A milestone of the study plan; done_on is null while it is open."""

    description: str
    due_on: date
    done_on: date | None = None


class Plan(msgspec.Struct, frozen=True):
    """The active study plan; exam_on and days_left are null without an exam date."""

    plan_id: str
    name: str
    tasks_done: int
    tasks_total: int
    milestones: tuple[Milestone, ...] = ()
    exam_on: date | None = None
    days_left: int | None = None


class Moved(msgspec.Struct, frozen=True):
    """Why a rank moved, in places won (negative: lost); the four sum to the whole move."""

    own: int
    others: int
    joiners: int
    leavers: int


class Rank(msgspec.Struct, frozen=True):
    """One's own rank from `rankings`.

    Args:
        label: the university's or subject's name; empty for everyone.
        previous: rank a week ago; null: not ranked then.
        moved: what the move is made of; null: not ranked a week ago.
    """

    metric: str
    scope: str
    scope_key: str
    label: str
    rank: int
    population: int
    tie_size: int
    percentile: float
    previous: int | None = None
    moved: Moved | None = None

    @property
    def change(self) -> int | None:
        """Places won since the week before; negative: lost."""
        return None if self.previous is None else self.previous - self.rank


class Peers(msgspec.Struct, frozen=True):
    """The other students of the university who were active in the week, without one's own row.

    Args:
        students: how many others stand behind minutes, at least 10.
        minutes: mean study minutes of the others, half up.
        answering: how many others answered questions.
        accuracy: the others' correct answers in whole percent of all theirs; null: fewer than 10 of
            them answered.
    """

    students: int
    minutes: int
    answering: int
    accuracy: int | None = None


class Payload(msgspec.Struct, frozen=True):
    """One weekly report.

    Args:
        week: null in a quiet week without a row of its own.
        before: the week before; null: no row.
        mastery: at most five topics, largest change first.
        topics: topics with enough evidence, of which mastery shows the first.
        pauses_next: whether this is the last mail before the pause.
        peers: null where fewer than 10 others stand behind them.
    """

    kind: Kind
    week_start: date
    as_of: date
    timezone: str
    step: Step
    week: Week | None = None
    before: Week | None = None
    mastery: tuple[Mastery, ...] = ()
    topics: int = 0
    opportunities: tuple[Opportunity, ...] = ()
    plan: Plan | None = None
    ranks: tuple[Rank, ...] = ()
    pauses_next: bool = False
    peers: Peers | None = None
    version: int = PAYLOAD_VERSION


def percent(part: int, whole: int) -> int | None:
    """Return part of whole in whole percent, half up; null when whole is 0."""
    return half_up(100 * part, whole) if whole else None


def half_up(total: int, count: int) -> int:
    """Return total / count as a whole number, half up; both are not negative, count is not 0."""
    return (2 * total + count) // (2 * count)


@lru_cache(16_384)
def whole_percent(share: Decimal) -> int:
    """Return a share of 0..1 in whole percent, half up."""
    return int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Payload)


def encode(payload: Payload) -> str:
    """Return the payload as JSON text."""
    return _encoder.encode(payload).decode()


def decode(stored: str | bytes | Mapping[str, Any]) -> Payload:
    """Read a stored payload back, from JSON text or from its parsed form.

    Raises:
        msgspec.ValidationError: it is of another shape than this version's.
    """
    if isinstance(stored, Mapping):
        return msgspec.convert(stored, Payload)
    return _decoder.decode(stored)
