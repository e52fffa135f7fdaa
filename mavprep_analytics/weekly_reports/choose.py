"""Chooses what a student is told: pure functions from facts to the payload.

Here belong the rules: which topics, which next step, which ranks. Reading and wording do not.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from mavprep_analytics.periods import instant
from mavprep_analytics.weekly_reports.facts import (
    Catalogue,
    Facts,
    MasteryRow,
    PlanRow,
    RankRow,
    WeekRow,
)
from mavprep_analytics.weekly_reports.opportunities import best_step, opportunities
from mavprep_analytics.weekly_reports.payload import (
    Kind,
    Mastery,
    Milestone,
    Moved,
    Payload,
    Plan,
    Rank,
    Week,
    whole_percent,
)
from mavprep_analytics.weekly_reports.peers import peers_of
from mavprep_analytics.weekly_reports.text import one_line

MASTERY_ROWS = 5
MILESTONES = 3
SUBJECT_RANKS = 3
PAUSE_AFTER_QUIET_WEEKS = 4
_SCOPES = {"university": 0, "subject": 1, "global": 2}


def choose(facts: Facts, catalogue: Catalogue, week_start: date, as_of: date) -> Payload:
    """Return the student's payload for the week.

    Changes (mastery, ranks) and due cards are told only when as_of lies in the reported week: later
    readings do not belong to it.
    """
    is_current = timedelta(0) <= as_of - week_start < timedelta(days=7)
    weeks = {row.week_start: row for row in facts.weeks}
    row = weeks.get(week_start)
    before = weeks.get(week_start - timedelta(days=7))
    shown = _deepest(facts.mastery, catalogue)
    mastery = [_mastery(m, catalogue, is_current=is_current) for m in shown]
    plan = _plan(facts, week_start)
    chances = opportunities(facts, shown, catalogue, week_start, is_current=is_current)
    kind = _kind(facts, weeks, week_start)
    return Payload(
        kind=kind,
        week_start=week_start,
        as_of=as_of,
        timezone=facts.student.timezone,
        step=best_step(facts, chances, catalogue, plan, is_current=is_current),
        week=_week(row, is_current=is_current) if row else None,
        before=_week(before, is_current=False) if before and kind == "full" else None,
        mastery=tuple(sorted(mastery, key=_most_moved)[:MASTERY_ROWS]),
        topics=len(mastery),
        opportunities=chances,
        plan=plan,
        ranks=_ranks(facts.ranks, catalogue, is_current=is_current),
        pauses_next=_quiet_weeks(weeks, week_start) == PAUSE_AFTER_QUIET_WEEKS - 1,
        peers=peers_of(catalogue.peers.get(facts.student.university or ""), row),
    )


def _kind(facts: Facts, weeks: dict[date, WeekRow], week_start: date) -> Kind:
    row = weeks.get(week_start)
    if row is None or not row.is_active:
        return "quiet"
    earlier = any(w.is_active for start, w in weeks.items() if start < week_start)
    created = facts.student.created_at_micros
    oldest = min(weeks)
    is_new = created is None or instant(created).date() >= oldest
    return "first" if is_new and not earlier else "full"


def _quiet_weeks(weeks: dict[date, WeekRow], week_start: date) -> int:
    """Count the quiet weeks in a row that end with this one."""
    quiet, day = 0, week_start
    while day in weeks and not weeks[day].is_active:
        quiet, day = quiet + 1, day - timedelta(days=7)
    return quiet


def _week(row: WeekRow, *, is_current: bool) -> Week:
    return Week(
        tests=row.tests,
        questions=row.questions,
        correct=row.correct,
        minutes=row.study_minutes,
        days=tuple(row[6:13]),
        active_days=row.active_days,
        flashcards_reviewed=row.flashcards_reviewed,
        streak_days=row.streak_days,
        longest_streak_days=row.longest_streak_days,
        tasks_planned=row.plan_tasks_planned,
        tasks_done=row.plan_tasks_done,
        cards_due=row.cards_due if is_current else None,
    )


def _deepest(rows: Iterable[MasteryRow], catalogue: Catalogue) -> list[MasteryRow]:
    """Keep the most exact topics: none that stands above another one with enough evidence."""
    known = [row for row in rows if row.topic_id in catalogue.topics]
    above = {a for row in known for a in catalogue.ancestors.get(row.topic_id, ())}
    return [row for row in known if row.topic_id not in above]


def _mastery(row: MasteryRow, catalogue: Catalogue, *, is_current: bool) -> Mastery:
    name, subject = catalogue.topics[row.topic_id]
    previous = row.previous_mastery if is_current else None
    return Mastery(
        topic_id=row.topic_id,
        name=one_line(name),
        subject=one_line(catalogue.subjects.get(subject, "")),
        now=whole_percent(row.mastery),
        low=whole_percent(row.mastery_low),
        high=whole_percent(row.mastery_high),
        answers=row.answers,
        previous=None if previous is None else whole_percent(previous),
    )


def _most_moved(mastery: Mastery) -> tuple[int, int, str]:
    return (-abs(mastery.change or 0), mastery.now, mastery.topic_id)


def _plan(facts: Facts, week_start: date) -> Plan | None:
    """Return the plan whose exam is next; plans without a date come last, past exams not at all."""
    monday = week_start + timedelta(days=7)
    zone = ZoneInfo(facts.student.timezone)
    dated = [(_exam_day(plan, zone), plan) for plan in facts.plans]
    open_plans = [(day, plan) for day, plan in dated if day is None or day >= monday]
    if not open_plans:
        return None
    exam_on, plan = min(open_plans, key=lambda p: (p[0] or date.max, p[1].plan_id))
    return Plan(
        plan_id=plan.plan_id,
        name=one_line(plan.plan_name or ""),
        tasks_done=min(plan.tasks_completed, plan.tasks_total),
        tasks_total=plan.tasks_total,
        milestones=_milestones(plan, week_start),
        exam_on=exam_on,
        days_left=(exam_on - monday).days if exam_on else None,
    )


def _exam_day(plan: PlanRow, zone: ZoneInfo) -> date | None:
    micros = plan.exam_at_micros
    return None if micros is None else instant(micros).astimezone(zone).date()


def _milestones(plan: PlanRow, week_start: date) -> tuple[Milestone, ...]:
    """Return the newest milestone done in the week, then the next open ones."""
    end = week_start + timedelta(days=7)
    listed = [m for m in plan.milestones or [] if m["description"] and m["due_on"]]
    listed.sort(key=lambda m: (m["due_on"], m["description"]))
    done = [
        m
        for m in listed
        if m["is_completed"] and m["completed_on"] and week_start <= m["completed_on"] < end
    ][-1:]
    still_open = [m for m in listed if not m["is_completed"] and m["due_on"] >= end]
    chosen = done + still_open[: MILESTONES - len(done)]
    return tuple(
        Milestone(
            description=one_line(m["description"]),
            due_on=m["due_on"],
            done_on=m["completed_on"] if m["is_completed"] else None,
        )
        for m in chosen
    )


def _ranks(rows: list[RankRow], catalogue: Catalogue, *, is_current: bool) -> tuple[Rank, ...]:
    """Return the university, the best subjects and everyone; of a subject its best metric only."""
    best: dict[tuple[str, str], RankRow] = {}
    for row in sorted(rows, key=lambda r: (-r.percentile, r.metric)):
        best.setdefault((row.scope, row.scope_key), row)
    subjects = [row for row in best.values() if row.scope == "subject"][:SUBJECT_RANKS]
    others = [row for row in best.values() if row.scope != "subject"]
    chosen = sorted([*subjects, *others], key=lambda r: (_SCOPES[r.scope], -r.percentile))
    return tuple(_rank(row, catalogue, is_current=is_current) for row in chosen)


def _rank(row: RankRow, catalogue: Catalogue, *, is_current: bool) -> Rank:
    label = catalogue.subjects.get(row.scope_key, "") if row.scope == "subject" else row.scope_key
    return Rank(
        metric=row.metric,
        scope=row.scope,
        scope_key=row.scope_key,
        label=one_line(label),
        rank=row.rank,
        population=row.population,
        tie_size=row.tie_size,
        percentile=float(row.percentile),
        previous=row.previous_rank if is_current else None,
        moved=_moved(row) if is_current else None,
    )


def _moved(row: RankRow) -> Moved | None:
    if row.previous_rank is None:
        return None
    return Moved(
        row.moved_by_self or 0,
        row.moved_by_others or 0,
        row.moved_by_joiners or 0,
        row.moved_by_leavers or 0,
    )
