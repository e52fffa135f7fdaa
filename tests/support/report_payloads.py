"""Payloads of the weekly report, one per scenario that the golden mails show."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from mavprep_analytics.weekly_reports.payload import (
    Mastery,
    Milestone,
    Moved,
    Opportunity,
    Payload,
    Peers,
    Plan,
    Rank,
    Reason,
    Step,
    Video,
    Week,
)

WEEK = date(2026, 11, 9)
LONG = "Electrophysiology of the cardiac conduction"  # over 40 characters, in one breath


def week(**more: Any) -> Week:
    """Return a week of 4 h 35 min."""
    numbers: dict[str, Any] = {
        "tests": 6,
        "questions": 84,
        "correct": 62,
        "minutes": 275,
        "days": (42, 0, 65, 38, 0, 80, 50),
        "active_days": 5,
        "flashcards_reviewed": 40,
        "streak_days": 12,
        "longest_streak_days": 19,
        "tasks_planned": 4,
        "tasks_done": 3,
        "cards_due": 25,
    }
    return Week(**{**numbers, **more})


def topic(name: str, now: int, previous: int | None, spread: int = 8) -> Mastery:
    """Return a reading with a symmetrical interval."""
    low, high = max(0, now - spread), min(100, now + spread)
    return Mastery(f"id {name}", name, "Biology", now, low, high, 40, previous)


STRONG = Payload(
    kind="full",
    week_start=WEEK,
    as_of=date(2026, 11, 15),
    timezone="America/Chicago",
    step=Step(
        "flashcards", 18, 9, "Enzyme kinetics", "t2", milestone_on=date(2026, 11, 17)
    ),
    week=week(),
    before=week(tests=4, minutes=225, correct=64),
    mastery=(
        topic("Cell biology", 78, 66),
        topic("Enzyme kinetics", 41, 46),
        topic("Organic chemistry", 64, 59),
        topic("Genetics", 71, 70),
        topic("Thermodynamics", 38, 38),
    ),
    topics=23,
    opportunities=(
        Opportunity(
            "t2", "Enzyme kinetics", 41, Reason("missed", 5, 8), 18, 17, 12,
            Video("v1", "Michaelis-Menten plots", 8),
        ),
        Opportunity("t5", "Thermodynamics", 38, Reason("idle", 16), 0, 12, 8),
        Opportunity(
            "t6", "Acids and bases", 52, Reason("weight", 9), 7, 10, 9, Video("v2", "Buffers", 6)
        ),
    ),
    plan=Plan(
        "p1", "Biology final", 14, 22,
        (
            Milestone("Mock test 3: Biology", date(2026, 11, 12), date(2026, 11, 12)),
            Milestone("Mock test 4: Chemistry", date(2026, 11, 17)),
            Milestone("Finish Thermodynamics unit", date(2026, 11, 22)),
        ),
        date(2026, 12, 27), 41,
    ),
    ranks=(
        Rank("reputation", "university", "UTA", "University of Texas at Arlington", 14, 1204, 1,
             98.8, 20, Moved(8, -2, 0, 0)),
        Rank("performance", "subject", "s1", "Biology", 912, 38110, 3, 97.5, 1032, Moved(-15, 128, -3, 10)),
        Rank("reputation", "global", "", "", 16340, 212480, 1, 92.3, 16030, Moved(40, -12, -338, 0)),
    ),
    peers=Peers(212, 190, 187, 71),
)  # fmt: skip

FALLING = replace(
    STRONG,
    step=Step("video", 1, 8, "Enzyme kinetics", "v1", "Michaelis-Menten plots"),
    week=week(tests=2, questions=30, correct=17, minutes=70, days=(0, 30, 0, 0, 40, 0, 0),
              active_days=2, streak_days=0, tasks_done=0),
    before=week(),
    mastery=(topic("Enzyme kinetics", 41, 52), topic("Genetics", 66, 71), topic("Optics", 55, 58)),
    ranks=(Rank("reputation", "global", "", "", 16340, 212480, 1, 92.3, 16030, Moved(0, -310, 0, 0)),),
    opportunities=(
        Opportunity("t2", "Enzyme kinetics", 41, Reason("fell", 11), 0, 8, 12,
                    Video("v1", "Michaelis-Menten plots", 8)),
    ),
)  # fmt: skip

QUIET = replace(
    STRONG,
    kind="quiet",
    week=week(tests=0, questions=0, correct=0, minutes=0, days=(0,) * 7, active_days=0,
              streak_days=0),
    before=None,
)  # fmt: skip

FIRST = replace(
    STRONG,
    kind="first",
    step=Step("practice", 10, 12, "Genetics", "t4"),
    week=week(tests=2, questions=21, correct=15, minutes=70, days=(0, 0, 0, 0, 30, 40, 0),
              active_days=2, streak_days=2, longest_streak_days=2, tasks_planned=0, tasks_done=0),
    before=None,
    mastery=(topic("Genetics", 62, None, 15),),
    topics=1,
    opportunities=(Opportunity("t4", "Genetics", 62, Reason("weight", 20), 0, 12, 20),),
    plan=None,
    ranks=(Rank("reputation", "global", "", "", 1999, 2000, 1, 0.5),),
    peers=Peers(11, 64, 4),
)  # fmt: skip

LONG_NAMES = replace(
    STRONG,
    step=Step("flashcards", 118, 59, LONG, "t2"),
    mastery=tuple(replace(row, name=f"{LONG} {n}") for n, row in enumerate(STRONG.mastery)),
    opportunities=tuple(
        replace(row, name=f"{LONG} {n}") for n, row in enumerate(STRONG.opportunities)
    ),
)

_ARABIC = ("علم الأحياء الخلوي", "حركية الإنزيمات", "الكيمياء العضوية", "علم الوراثة", "الديناميكا")
RIGHT_TO_LEFT = replace(
    STRONG,
    timezone="Africa/Cairo",
    step=replace(STRONG.step, topic=_ARABIC[1]),
    mastery=tuple(
        replace(row, name=name) for row, name in zip(STRONG.mastery, _ARABIC, strict=True)
    ),
    opportunities=tuple(
        replace(row, name=name)
        for row, name in zip(STRONG.opportunities, _ARABIC[1:4], strict=True)
    ),
)

SCENARIOS: dict[str, tuple[Payload, str, str]] = {
    "strong": (STRONG, "en", "Maya Lee"),
    "falling": (FALLING, "en", "Maya Lee"),
    "quiet": (QUIET, "en", "Maya Lee"),
    "quiet_before_pause": (replace(QUIET, pauses_next=True, plan=None), "en", ""),
    "first_week": (FIRST, "en", "Maya Lee"),
    "no_plan": (replace(STRONG, plan=None), "en", "Maya Lee"),
    "one_topic": (replace(STRONG, mastery=STRONG.mastery[:1], topics=1, opportunities=(),
                          ranks=(), peers=None), "en", "Maya Lee"),
    "long_names": (LONG_NAMES, "en", "Bartholomew-Maximilian-Featherstonehaugh"),
    "right_to_left": (RIGHT_TO_LEFT, "ar", "مايا"),
    "spanish": (STRONG, "es-MX", "María José"),
}  # fmt: skip
"""Name -> payload, language and the student's name."""
