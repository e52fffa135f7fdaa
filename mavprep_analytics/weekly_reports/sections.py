"""The sections of the mail as formatted texts, from the payload: bars, tiles, mastery, chances, plan, ranks.

Everything here is plain text and whole numbers; markup is the templates' business.
"""

from typing import Any

from mavprep_analytics.weekly_reports.headline import step_title
from mavprep_analytics.weekly_reports.language import MINUS, Language
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.payload import (
    Mastery,
    Milestone,
    Opportunity,
    Payload,
    Plan,
    Reason,
    Week,
)

NONE = "\N{EN DASH}"
"""Stands where a number is undefined."""
BAR_PIXELS = 60
SURE_PERCENT = 80
"""The interval that mastery is published with."""

View = dict[str, Any]


def bars(week: Week, words: Language) -> list[View]:
    """Return the seven days with minutes and the height of their bars in pixels."""
    highest = max(week.days) or 1
    return [
        {
            "day": words.weekday(day),
            "minutes": words.number(minutes) if minutes else "",
            "height": max(4, round(BAR_PIXELS * minutes / highest)) if minutes else 3,
        }
        for day, minutes in enumerate(week.days)
    ]


def bars_label(week: Week, words: Language) -> str:
    """Return the seven days as one sentence for screen readers."""
    days = ", ".join(
        f"{words.weekday(day)} {words.number(minutes)}" for day, minutes in enumerate(week.days)
    )
    return words.say("Minutes studied per day: {days}", days=days)


def tiles(payload: Payload, words: Language) -> list[View]:
    """Return tests, time, accuracy and streak, each with its change or a note."""
    week, before = payload.week, payload.before
    assert week is not None
    accuracy = NONE if week.accuracy is None else words.percent(week.accuracy)
    return [
        _tile(
            words.say("Tests taken"), words.number(week.tests), *_tests_change(week, before, words)
        ),
        _tile(
            words.say("Study time"), words.minutes(week.minutes), *_time_change(week, before, words)
        ),
        _tile(words.say("Accuracy"), accuracy, *_accuracy_change(week, before, words)),
        _tile(
            words.say("Streak"),
            words.count("{n} day", "{n} days", week.streak_days),
            words.say("best: {n}", n=words.number(week.longest_streak_days)),
            "flat",
        ),
    ]


def _tile(label: str, value: str, note: str, tone: str) -> View:
    return {"label": label, "value": value, "note": note, "tone": tone}


def _tests_change(week: Week, before: Week | None, words: Language) -> tuple[str, str]:
    if before is None:
        return words.count("{n} question", "{n} questions", week.questions), "flat"
    change = week.tests - before.tests
    return (words.signed(change) if change else words.say("as before")), tone(change)


def _time_change(week: Week, before: Week | None, words: Language) -> tuple[str, str]:
    if before is None:
        return words.count("{n} day", "{n} days", week.active_days), "flat"
    change = week.minutes - before.minutes
    sign = "+" if change > 0 else MINUS
    return (sign + words.minutes(change) if change else words.say("as before")), tone(change)


def _accuracy_change(week: Week, before: Week | None, words: Language) -> tuple[str, str]:
    if week.accuracy is None:
        return words.say("no answers"), "flat"
    if before is None or before.accuracy is None:
        return words.count("{n} correct", "{n} correct", week.correct), "flat"
    change = week.accuracy - before.accuracy
    return (points(change, words) if change else words.say("as before")), tone(change)


def tone(change: int) -> str:
    """Return `up`, `down` or `flat`."""
    return "up" if change > 0 else "down" if change < 0 else "flat"


def points(change: int, words: Language) -> str:
    """Return a change in percentage points, short."""
    text = words.count("{signed} pt", "{signed} pts", abs(change), signed=words.signed(change))
    return text.replace(" ", "\u00a0")


def legend(rows: tuple[Mastery, ...], words: Language) -> str:
    """Return how the ends of the bars are read; empty when nothing changed."""
    if not any(row.change for row in rows):
        return ""
    return words.say("A solid end was gained this week, a hollow end was lost.")


def sure(words: Language) -> str:
    """Return what the interval means."""
    return words.say(
        "“Likely” is the range that we are {share} sure of.", share=words.percent(SURE_PERCENT)
    )


def mastery(rows: tuple[Mastery, ...], words: Language) -> list[View]:
    """Return the mastery rows: kept, gained or lost, and the rest sum to 100."""
    return [_mastery(row, words) for row in rows]


def _mastery(row: Mastery, words: Language) -> View:
    change = row.change
    gained, lost = max(change or 0, 0), max(-(change or 0), 0)
    told = points(change, words) if change else words.say("no change")
    return {
        "name": row.name,
        "value": words.percent(row.now),
        "change": words.say("new") if change is None else told,
        "tone": tone(change or 0),
        "likely": words.say(
            "likely {low} to {high}", low=words.percent(row.low), high=words.percent(row.high)
        ),
        "kept": row.now - gained,
        "gained": gained,
        "lost": lost,
        "rest": 100 - row.now - lost,
    }


def chances(rows: tuple[Opportunity, ...], words: Language, links: Links) -> list[View]:
    """Return where an hour pays, with reason and one or two actions."""
    return [
        {
            "name": row.name,
            "mastery": words.say("{share} mastery", share=words.percent(row.mastery)),
            "reason": reason(row.reason, words),
            "actions": _actions(row, words, links),
        }
        for row in rows
    ]


def _actions(row: Opportunity, words: Language, links: Links) -> list[View]:
    actions = []
    if row.video:
        lesson = words.say("Watch the lesson ({minutes})", minutes=words.minutes(row.video.minutes))
        actions.append({"text": lesson, "url": links.lesson(row.video.video_id)})
    if row.cards_due:
        cards = words.count("{n} flashcard due", "{n} flashcards due", row.cards_due)
        actions.append({"text": cards, "url": links.flashcards(row.topic_id)})
    if not actions:
        practice = words.say("Practise ({minutes})", minutes=words.minutes(row.minutes))
        actions.append({"text": practice, "url": links.practice(row.topic_id)})
    return actions


def reason(why: Reason, words: Language) -> str:
    """Return why an hour pays there."""
    if why.kind == "missed":
        return words.count(
            "You missed {missed} of {n} question in the last four weeks.",
            "You missed {missed} of {n} questions in the last four weeks.",
            why.total,
            missed=words.number(why.count),
        )
    if why.kind == "idle":
        return words.count("Not practised for {n} day.", "Not practised for {n} days.", why.count)
    if why.kind == "fell":
        return words.count(
            "Fell by {n} point this week.", "Fell by {n} points this week.", why.count
        )
    share = words.percent(why.count)
    return words.say("{share} of the subject's questions come from here.", share=share)


def step(payload: Payload, words: Language, links: Links) -> View:
    """Return the best next step with its reason, minutes and button."""
    chosen = payload.step
    if chosen.kind == "flashcards":
        button, url = words.say("Start reviewing"), links.flashcards(chosen.target)
        why = words.say("They fall due by Monday.")
        if chosen.milestone_on:
            why = words.say(
                "They fall due before your next milestone on {day}.",
                day=words.day(chosen.milestone_on),
            )
    elif chosen.kind == "video":
        button, url = words.say("Watch the lesson"), links.lesson(chosen.target)
        why = words.say("{topic} is where an hour pays most.", topic=chosen.topic)
    else:
        button, url = words.say("Start practising"), links.practice(chosen.target)
        why = words.say("Fresh answers sharpen every number in this mail.")
    return {
        "title": step_title(chosen, words),
        "why": why,
        "button": f"{button} · {words.minutes(chosen.minutes)}",
        "url": url,
    }


def plan(chosen: Plan, week: Week | None, words: Language, links: Links) -> View:
    """Return the study plan's progress and milestones."""
    done = 100 * chosen.tasks_done // chosen.tasks_total if chosen.tasks_total else 0
    said = words.say(
        "{done} of {total} tasks done.",
        done=words.number(chosen.tasks_done),
        total=words.number(chosen.tasks_total),
    )
    if week and week.tasks_planned:
        said += " " + words.say(
            "This week: {done} of {total}.",
            done=words.number(week.tasks_done),
            total=words.number(week.tasks_planned),
        )
    return {
        "title": _plan_title(chosen, words),
        "name": chosen.name,
        "progress": said,
        "done": done,
        "rows": _milestones(chosen.milestones, words),
        "url": links.plan(chosen.plan_id),
    }


def _plan_title(chosen: Plan, words: Language) -> str:
    if chosen.days_left is None:
        return words.say("Study plan")
    if chosen.days_left == 0:
        return words.say("Study plan: the exam is today")
    return words.count(
        "Study plan: {n} day to the exam", "Study plan: {n} days to the exam", chosen.days_left
    )


def _milestones(rows: tuple[Milestone, ...], words: Language) -> list[View]:
    """Return each milestone with its day and whether it is done, next or later."""
    coming = next((row for row in rows if row.done_on is None), None)
    return [
        {
            "text": row.description,
            "when": words.say("done {day}", day=words.day(row.done_on))
            if row.done_on
            else words.day(row.due_on),
            "mark": "done" if row.done_on else "next" if row is coming else "later",
        }
        for row in rows
    ]
