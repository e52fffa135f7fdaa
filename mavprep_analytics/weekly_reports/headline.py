"""Subject, preheader and headline: computed sentences from a ranked list of facts.

A bad week is neither praised nor scolded: without a gain the headline says what was done.
"""

from mavprep_analytics.weekly_reports.language import Language
from mavprep_analytics.weekly_reports.payload import Mastery, Payload, Rank, Step
from mavprep_analytics.weekly_reports.text import one_line

SUBJECT_LENGTH = 78
GAIN_TOLD_FROM = 3
RECORD_TOLD_FROM = 7
STRONG_DAYS = 3


def subject(payload: Payload, words: Language) -> str:
    """Return the subject line: the student's own numbers, at most 78 characters."""
    week, gain = payload.week, best_gain(payload)
    if payload.kind == "quiet" or week is None:
        return _cut(words.say("A quiet week: {step}", step=step_title(payload.step, words)))
    done = words.minutes(week.minutes) if week.minutes else _tests(week.tests, words)
    if payload.kind == "first":
        return _cut(words.say("Your first week: {done}", done=done))
    if gain:
        points = words.count("{n} point", "{n} points", gain.change or 0)
        text = one_line(
            words.say(
                "Your week: {done}, {topic} up {points}", done=done, topic=gain.name, points=points
            ),
            2 * SUBJECT_LENGTH,
        )
        if len(text) <= SUBJECT_LENGTH:
            return text
    if week.accuracy is not None:
        share = words.percent(week.accuracy)
        return _cut(words.say("Your week: {done}, {share} correct", done=done, share=share))
    return _cut(words.say("Your week: {done}", done=done))


def preheader(payload: Payload, words: Language) -> str:
    """Return what mail programs show beside the subject: the next step and its minutes."""
    step = payload.step
    return words.say(
        "Next: {step}, about {minutes}.",
        step=step_title(step, words),
        minutes=words.minutes(step.minutes),
    )


def title(payload: Payload, words: Language, name: str) -> str:
    """Return the headline, with the student's first name where it is known."""
    if payload.kind == "quiet":
        return words.say("A quiet week, {name}", name=name) if name else words.say("A quiet week")
    if payload.kind == "first":
        return words.say("A good start, {name}", name=name) if name else words.say("A good start")
    if is_strong(payload):
        return words.say("Strong week, {name}", name=name) if name else words.say("Strong week")
    return words.say("Your week, {name}", name=name) if name else words.say("Your week")


def lead(payload: Payload, words: Language) -> str:
    """Return the sentences under the headline: what was done, then the best fact."""
    week = payload.week
    if payload.kind == "quiet" or week is None:
        return " ".join(_quiet(payload, words))
    days = words.count("{n} day", "{n} days", week.active_days)
    done = words.minutes(week.minutes) if week.minutes else _tests(week.tests, words)
    first = words.say("{done} over {days}.", done=done, days=days)
    if payload.kind == "first":
        welcome = words.say("This is your first report; from next Monday it shows what changed.")
        return f"{first} {welcome}"
    return " ".join([first, *_best_fact(payload, words)])


def best_gain(payload: Payload) -> Mastery | None:
    """Return the topic with the largest gain worth telling; null: none."""
    gains = [m for m in payload.mastery if (m.change or 0) >= GAIN_TOLD_FROM]
    return max(gains, key=lambda m: (m.change or 0, m.topic_id), default=None)


def is_strong(payload: Payload) -> bool:
    """Whether the week earns the word: several days, no less time than before, more gains than losses."""
    week, before = payload.week, payload.before
    if week is None or week.active_days < STRONG_DAYS:
        return False
    changes = [m.change for m in payload.mastery if m.change]
    lost = sum(1 for change in changes if change < 0)
    gained = len(changes) - lost
    return gained > lost and (before is None or week.minutes >= before.minutes)


def step_title(step: Step, words: Language) -> str:
    """Return the best next step as an imperative."""
    if step.kind == "flashcards":
        return words.count(
            "Review {n} flashcard in {topic}",
            "Review {n} flashcards in {topic}",
            step.count,
            topic=step.topic,
        )
    if step.kind == "video":
        return words.say("Watch “{title}”", title=step.title)
    if step.topic:
        return words.count(
            "Answer {n} practice question on {topic}",
            "Answer {n} practice questions on {topic}",
            step.count,
            topic=step.topic,
        )
    return words.count("Answer {n} practice question", "Answer {n} practice questions", step.count)


def _best_fact(payload: Payload, words: Language) -> list[str]:
    """Return the first that applies: biggest gain, streak record, milestone, rank up."""
    week, gain = payload.week, best_gain(payload)
    if gain:
        return [
            words.count(
                "{topic} rose {n} point, your biggest gain.",
                "{topic} rose {n} points, your biggest gain.",
                gain.change or 0,
                topic=gain.name,
            )
        ]
    if week and week.streak_days == week.longest_streak_days >= RECORD_TOLD_FROM:
        return [
            words.count(
                "{n} day in a row: your longest streak yet.",
                "{n} days in a row: your longest streak yet.",
                week.streak_days,
            )
        ]
    done = [m for m in payload.plan.milestones if m.done_on] if payload.plan else []
    if done:
        return [words.say("Milestone reached: {milestone}.", milestone=done[0].description)]
    up = max(payload.ranks, key=lambda rank: rank.change or 0, default=None)
    return [_rank_up(up, words)] if up and (up.change or 0) > 0 else []


def _rank_up(rank: Rank, words: Language) -> str:
    places = words.count("{n} place", "{n} places", rank.change or 0)
    if rank.scope == "global":
        return words.say("You moved up {places} among everyone.", places=places)
    return words.say("You moved up {places} in {group}.", places=places, group=rank.label)


def _quiet(payload: Payload, words: Language) -> list[str]:
    said = [words.say("No study time recorded this week.")]
    plan = payload.plan
    if plan and plan.days_left:
        said.append(
            words.count(
                "{n} day is left until your exam.",
                "{n} days are left until your exam.",
                plan.days_left,
            )
        )
    said.append(words.say("One short session gets you moving again."))
    if payload.pauses_next:
        said.append(words.say("If next week stays quiet too, this mail pauses until you are back."))
    return said


def _tests(tests: int, words: Language) -> str:
    return words.count("{n} test", "{n} tests", tests)


def _cut(text: str) -> str:
    return one_line(text, SUBJECT_LENGTH)
