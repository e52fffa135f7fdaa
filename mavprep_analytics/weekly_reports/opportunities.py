"""Where an hour pays most, and the one best next step. Pure functions.

Expected gain per minute of a topic = weight x gap / minutes: the share of the subject's questions
that come from the topic, times what is missing to full mastery, over the time that the offered
actions take. Weight and gap say what can be won, minutes what it costs.
"""

from datetime import date, timedelta

from mavprep_analytics.weekly_reports.facts import Catalogue, Facts, MasteryRow, VideoRow
from mavprep_analytics.weekly_reports.payload import (
    Opportunity,
    Plan,
    Reason,
    Step,
    Video,
    percent,
    whole_percent,
)
from mavprep_analytics.weekly_reports.text import one_line

MOST = 3
STRONG_FROM = 85
"""Mastery in percent from which a topic is no longer offered."""
SECONDS_PER_CARD = 30
PRACTICE_QUESTIONS = 10
PRACTICE_MINUTES = 12
MISSED_FLOOR = 5
"""Answers of the last four weeks from which a share of misses is told."""
IDLE_DAYS = 14


def card_minutes(cards: int) -> int:
    """Return the minutes that reviewing flashcards takes, at least 1."""
    return max(1, -(-cards * SECONDS_PER_CARD // 60))


def opportunities(
    facts: Facts,
    rows: list[MasteryRow],
    catalogue: Catalogue,
    week_start: date,
    *,
    is_current: bool,
) -> tuple[Opportunity, ...]:
    """Return at most three topics with enough evidence, the best use of time first."""
    due = {row.topic_id: row.due for row in facts.recall} if is_current else {}
    missed = {row.topic_id: (row.missed, row.answered) for row in facts.missed}
    gains = [
        (*_gain(row, due.get(row.topic_id, 0), catalogue), row)
        for row in rows
        if whole_percent(row.mastery) < STRONG_FROM
    ]
    return tuple(
        _opportunity(
            row,
            _reason(row, missed.get(row.topic_id), catalogue, week_start, is_current),
            due.get(row.topic_id, 0),
            catalogue,
        )
        for _, _, _, row in sorted(gains)[:MOST]
    )


def best_step(
    facts: Facts,
    chances: tuple[Opportunity, ...],
    catalogue: Catalogue,
    plan: Plan | None,
    *,
    is_current: bool,
) -> Step:
    """Return the best next step: due flashcards, else a lesson, else a practice test."""
    due = [row for row in facts.recall if row.topic_id in catalogue.topics] if is_current else []
    if due:
        most = max(due, key=lambda row: (row.due, row.topic_id))
        return Step(
            kind="flashcards",
            count=most.due,
            minutes=card_minutes(most.due),
            topic=one_line(catalogue.topics[most.topic_id][0]),
            target=most.topic_id,
            milestone_on=_next_milestone(plan),
        )
    for chance in chances:
        if chance.video:
            video = chance.video
            return Step("video", 1, video.minutes, chance.name, video.video_id, video.title)
    topic, target = (chances[0].name, chances[0].topic_id) if chances else ("", "")
    return Step("practice", PRACTICE_QUESTIONS, PRACTICE_MINUTES, topic, target)


def _gain(row: MasteryRow, cards_due: int, catalogue: Catalogue) -> tuple[int, int, str]:
    """Return what to sort by: most gain a minute first (in millionths, so that no float decides)."""
    weight, mastery = catalogue.weights.get(row.topic_id, 0), whole_percent(row.mastery)
    minutes = _minutes(_video(catalogue.videos.get(row.topic_id)), cards_due)
    gain = 1_000_000 * max(weight, 1) * (100 - mastery) // minutes
    return (-gain, mastery, row.topic_id)


def _minutes(video: Video | None, cards_due: int) -> int:
    """Return what the offered actions take together; a practice test where there are none."""
    minutes = (video.minutes if video else 0) + (card_minutes(cards_due) if cards_due else 0)
    return minutes or PRACTICE_MINUTES


def _opportunity(
    row: MasteryRow, reason: Reason, cards_due: int, catalogue: Catalogue
) -> Opportunity:
    video = _video(catalogue.videos.get(row.topic_id))
    return Opportunity(
        topic_id=row.topic_id,
        name=one_line(catalogue.topics[row.topic_id][0]),
        mastery=whole_percent(row.mastery),
        reason=reason,
        cards_due=cards_due,
        minutes=_minutes(video, cards_due),
        weight=catalogue.weights.get(row.topic_id, 0),
        video=video,
    )


def _video(row: VideoRow | None) -> Video | None:
    if row is None:
        return None
    return Video(row.video_id, one_line(row.title), max(1, -(-row.duration_seconds // 60)))


def _reason(
    row: MasteryRow,
    missed: tuple[int, int] | None,
    catalogue: Catalogue,
    week_start: date,
    is_current: bool,
) -> Reason:
    """Return the most concrete reason that the evidence supports."""
    if missed and missed[1] >= MISSED_FLOOR and (percent(*missed) or 0) >= 30:
        return Reason("missed", *missed)
    idle = (week_start + timedelta(days=6) - row.last_answered_on).days
    if idle >= IDLE_DAYS:
        return Reason("idle", idle)
    if is_current and row.previous_mastery is not None and row.previous_mastery > row.mastery:
        fell = whole_percent(row.previous_mastery) - whole_percent(row.mastery)
        if fell:
            return Reason("fell", fell)
    return Reason("weight", catalogue.weights.get(row.topic_id, 0))


def _next_milestone(plan: Plan | None) -> date | None:
    still_open = [m.due_on for m in plan.milestones if m.done_on is None] if plan else []
    return min(still_open, default=None)
