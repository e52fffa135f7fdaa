"""Traces every number of a mail to its table, row and definition. Pure; reads the frozen payload alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from mavprep_analytics.tables import TABLES
from mavprep_analytics.weekly_reports.language import Language
from mavprep_analytics.weekly_reports.opportunities import (
    PRACTICE_MINUTES,
    PRACTICE_QUESTIONS,
    SECONDS_PER_CARD,
)
from mavprep_analytics.weekly_reports.payload import (
    Mastery,
    Opportunity,
    Payload,
    Peers,
    Plan,
    Rank,
    Step,
    Week,
)
from mavprep_analytics.weekly_reports.sections import SURE_PERCENT
from mavprep_analytics.weekly_reports.standing import top_share

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERCENT = "in whole percent, half up"


@dataclass(frozen=True)
class Traced:
    """One number of the mail.

    Args:
        shown: as the mail prints it.
        what: where in the mail.
        table: of the lake; empty for a constant of the mail itself.
        row: the row's key.
        column: the table's column, or several.
        definition: the columns' declared meaning, and what was made of them.
    """

    shown: str
    what: str
    table: str
    row: str
    column: str
    definition: str


def explain(payload: Payload, user_id: str, words: Language) -> Iterator[Traced]:
    """Yield every number of a student's mail in its order of appearance."""
    week = str(payload.week_start)
    if payload.week:
        yield from _week(payload.week, f"user_id={user_id}, week_start={week}", words)
    if payload.week and payload.before:
        yield from _changes(payload.week, payload.before, user_id, words)
    if payload.peers:
        yield from _peers(payload.peers, user_id, week, words)
    yield from _step(payload.step, user_id, words)
    if payload.mastery:
        told = "The chance that the interval of a mastery holds the true one."
        yield Traced(words.percent(SURE_PERCENT), "sure of likely", "", "", "constant", told)
    for mastery in payload.mastery:
        yield from _mastery(mastery, user_id, words)
    rows = f"all of user_id={user_id} with a level"
    count = "Topics with a level and no more exact topic below them."
    yield Traced(words.number(payload.topics), "all topics", "topic_mastery", rows, "level", count)
    for chance in payload.opportunities:
        yield from _opportunity(chance, user_id, words)
    if payload.plan:
        yield from _plan(payload.plan, user_id, words)
    for rank in payload.ranks:
        yield from _rank(rank, user_id, words)
    told = "The as-of date of the publication that the report was frozen from."
    yield Traced(words.day(payload.as_of), "numbers as of", "publications", "", "as_of", told)


def table_of(rows: list[Traced]) -> str:
    """Return the traced numbers as aligned text."""
    return "\n".join(
        f"{row.shown:>14}  {row.what}\n{'':>16}{row.table}.{row.column} [{row.row}]"
        f"\n{'':>16}{row.definition}"
        for row in rows
    )


def _traced(shown: str, what: str, table: str, row: str, column: str, made: str = "") -> Traced:
    columns = [name.strip() for name in column.split(",")]
    meaning = " ".join(TABLES[table][name].meaning for name in columns)
    return Traced(shown, what, table, row, column, f"{meaning} {made}".strip())


def _week(week: Week, row: str, words: Language) -> Iterator[Traced]:
    table = "student_week"
    counts = {
        "tests": (week.tests, "tests taken"),
        "questions": (week.questions, "questions answered"),
        "correct": (week.correct, "correct answers"),
        "active_days": (week.active_days, "days active"),
        "streak_days": (week.streak_days, "streak"),
        "longest_streak_days": (week.longest_streak_days, "best streak"),
        "plan_tasks_done": (week.tasks_done, "plan tasks done this week"),
        "plan_tasks_planned": (week.tasks_planned, "plan tasks of this week"),
    }
    yield _traced(words.minutes(week.minutes), "study time", table, row, "study_minutes")
    for day, minutes in zip(_DAYS, week.days, strict=True):
        yield _traced(words.number(minutes), f"bar of {day}", table, row, f"minutes_{day}")
    for column, (number, what) in counts.items():
        yield _traced(words.number(number), what, table, row, column)
    if week.accuracy is not None:
        made = f"correct / questions {_PERCENT}."
        share = words.percent(week.accuracy)
        yield _traced(share, "accuracy", table, row, "correct, questions", made)


def _changes(week: Week, before: Week, user_id: str, words: Language) -> Iterator[Traced]:
    table, row = "student_week", f"user_id={user_id}, this week_start and the one before"
    tests, minutes = week.tests - before.tests, week.minutes - before.minutes
    made = "This week minus the week before."
    yield _traced(words.signed(tests), "change of tests", table, row, "tests", made)
    yield _traced(words.minutes(minutes), "change of time", table, row, "study_minutes", made)
    if week.accuracy is not None and before.accuracy is not None:
        change = words.signed(week.accuracy - before.accuracy)
        columns = "correct, questions"
        yield _traced(change, "change of accuracy", table, row, columns, f"Of the shares. {made}")


def _peers(peers: Peers, user_id: str, week: str, words: Language) -> Iterator[Traced]:
    table = "student_week"
    row = f"week_start={week}, active students of the university of user_id={user_id}, without it"
    count, minutes = words.number(peers.students), words.minutes(peers.minutes)
    yield _traced(count, "peers: students", table, row, "is_active", "Rows where true.")
    made = "Mean of the rows, half up."
    yield _traced(minutes, "peers: study time", table, row, "study_minutes", made)
    if peers.accuracy is not None:
        made = f"Sum of correct / sum of questions {_PERCENT}."
        share = words.percent(peers.accuracy)
        yield _traced(share, "peers: accuracy", table, row, "correct, questions", made)


def _step(step: Step, user_id: str, words: Language) -> Iterator[Traced]:
    count, minutes = words.number(step.count), words.minutes(step.minutes)
    if step.kind == "flashcards":
        row = f"user_id={user_id}, topic_id={step.target}"
        cost = f"{SECONDS_PER_CARD} seconds a card, rounded up."
        yield _traced(count, "flashcards of the next step", "topic_recall", row, "due")
        yield _traced(minutes, "minutes of the next step", "topic_recall", row, "due", cost)
    elif step.kind == "video":
        yield _lesson(minutes, step.target, "minutes of the next step")
    else:
        told = f"A practice test has {PRACTICE_QUESTIONS} questions, about {PRACTICE_MINUTES} min."
        yield Traced(count, "questions of the next step", "", "", "constant", told)
        yield Traced(minutes, "minutes of the next step", "", "", "constant", told)
    if step.milestone_on:
        row = f"user_id={user_id}"
        day = words.day(step.milestone_on)
        yield _traced(day, "next milestone", "core_study_plans", row, "milestones")


def _lesson(minutes: str, video_id: str, what: str) -> Traced:
    made = "In whole minutes, rounded up."
    row = f"video_id={video_id}"
    return _traced(minutes, what, "catalogue_videos", row, "duration_seconds", made)


def _mastery(mastery: Mastery, user_id: str, words: Language) -> Iterator[Traced]:
    table, row = "topic_mastery", f"user_id={user_id}, topic_id={mastery.topic_id}"
    name, made = mastery.name, f"{_PERCENT.capitalize()}."
    yield _traced(words.percent(mastery.now), f"{name}: mastery", table, row, "mastery", made)
    yield _traced(words.percent(mastery.low), f"{name}: from", table, row, "mastery_low", made)
    yield _traced(words.percent(mastery.high), f"{name}: to", table, row, "mastery_high", made)
    if mastery.change is not None:
        difference = "Difference of the two in whole percent."
        columns = "mastery, previous_mastery"
        change = words.signed(mastery.change)
        yield _traced(change, f"{name}: change", table, row, columns, difference)


def _opportunity(chance: Opportunity, user_id: str, words: Language) -> Iterator[Traced]:
    name, row = chance.name, f"user_id={user_id}, topic_id={chance.topic_id}"
    share = words.percent(chance.mastery)
    made = f"{_PERCENT.capitalize()}."
    yield _traced(share, f"{name}: mastery", "topic_mastery", row, "mastery", made)
    yield from _reason(chance, row, words)
    if chance.video:
        minutes = words.minutes(chance.video.minutes)
        yield _lesson(minutes, chance.video.video_id, f"{name}: lesson")
    if chance.cards_due:
        due = words.number(chance.cards_due)
        yield _traced(due, f"{name}: flashcards due", "topic_recall", row, "due")
    if not chance.video and not chance.cards_due:
        told = f"A practice test has {PRACTICE_QUESTIONS} questions, about {PRACTICE_MINUTES} min."
        yield Traced(words.minutes(chance.minutes), f"{name}: practice", "", "", "constant", told)


def _reason(chance: Opportunity, row: str, words: Language) -> Iterator[Traced]:
    why, name = chance.reason, chance.name
    count = words.number(why.count)
    if why.kind == "missed":
        table = "core_attempts"
        rows = f"{row} and below, the 28 UTC days that end with the week"
        yield _traced(
            count, f"{name}: missed", table, rows, "answers", "Answers whose is_correct is false."
        )
        total = words.number(why.total)
        yield _traced(total, f"{name}: answered", table, rows, "answers", "All answers.")
    elif why.kind == "idle":
        made = "Days from then to the week's Sunday."
        table, column = "topic_mastery", "last_answered_on"
        yield _traced(count, f"{name}: not practised", table, row, column, made)
    elif why.kind == "fell":
        columns, made = "previous_mastery, mastery", "Difference of the two in whole percent."
        yield _traced(count, f"{name}: fell by", "topic_mastery", row, columns, made)
    else:
        made = f"Active questions of the topic's subtree over those of its subject, {_PERCENT}."
        share, table = words.percent(why.count), "catalogue_questions"
        topic = f"topic_id={chance.topic_id} and below"
        yield _traced(share, f"{name}: weight", table, topic, "is_active", made)


def _plan(plan: Plan, user_id: str, words: Language) -> Iterator[Traced]:
    table, row = "core_study_plans", f"user_id={user_id}, plan_id={plan.plan_id}"
    yield _traced(words.number(plan.tasks_done), "plan: done", table, row, "tasks_completed")
    yield _traced(words.number(plan.tasks_total), "plan: of", table, row, "tasks_total")
    if plan.days_left is not None:
        made = "Days from the Monday of the mail to its local date."
        days = words.number(plan.days_left)
        yield _traced(days, "plan: days left", table, row, "exam_at_micros", made)
    for milestone in plan.milestones:
        day = words.day(milestone.done_on or milestone.due_on)
        yield _traced(day, milestone.description, table, row, "milestones")


def _rank(rank: Rank, user_id: str, words: Language) -> Iterator[Traced]:
    table, name = "rankings", f"{rank.metric} in {rank.label or 'all'}"
    row = f"metric={rank.metric}, scope={rank.scope}, scope_key={rank.scope_key}, user_id={user_id}"
    yield _traced(words.number(rank.rank), f"{name}: rank", table, row, "rank")
    yield _traced(words.number(rank.population), f"{name}: of", table, row, "population")
    top = top_share(rank)
    if top is not None:
        made = "rank / population in percent, rounded up."
        yield _traced(words.percent(top), f"{name}: top", table, row, "rank, population", made)
    if rank.change is not None:
        made = "previous_rank - rank."
        change = words.number(abs(rank.change))
        yield _traced(change, f"{name}: moved", table, row, "previous_rank, rank", made)
    if rank.moved:
        for part in ("own", "others", "joiners", "leavers"):
            places, column = getattr(rank.moved, part), "self" if part == "own" else part
            yield _traced(
                words.signed(places), f"{name}: by {part}", table, row, f"moved_by_{column}"
            )
