"""What a student is told: the rules, from facts to payload."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.periods import micros
from mavprep_analytics.weekly_reports.choose import choose
from mavprep_analytics.weekly_reports.facts import (
    Catalogue,
    Facts,
    MasteryRow,
    MissedRow,
    PlanRow,
    RankRow,
    RecallRow,
    Student,
    VideoRow,
    WeekRow,
)
from mavprep_analytics.weekly_reports.payload import Moved, Payload, decode, encode, percent

WEEK = date(2026, 11, 9)
SUNDAY = date(2026, 11, 15)
CATALOGUE = Catalogue(
    topics={name: (name.title(), "bio") for name in ("cells", "genes", "enzymes", "all")},
    subjects={"bio": "Biology"},
    ancestors=dict.fromkeys(("cells", "genes", "enzymes"), ("all",)),
    weights={"cells": 50, "genes": 30, "enzymes": 20, "all": 100},
    videos={"enzymes": VideoRow("enzymes", "v1", "Kinetics", 481)},
)


def week_row(start: date = WEEK, *, is_active: bool = True, **more: Any) -> WeekRow:
    numbers = dict.fromkeys(WeekRow._fields[2:], 0) | {"cards_due": 18, "is_active": is_active}
    return WeekRow(**{**numbers, "user_id": "ada", "week_start": start, **more})


def mastery(topic: str, now: str, previous: str | None = None, **more: Any) -> MasteryRow:
    share = Decimal(now)
    spread = Decimal("0.05")
    row = MasteryRow(
        "ada", topic, share, share - spread, share + spread, 20, SUNDAY,
        None if previous is None else Decimal(previous),
    )  # fmt: skip
    return row._replace(**more)


def rank(scope: str = "global", key: str = "", **more: Any) -> RankRow:
    row = RankRow("ada", "reputation", scope, key, 14, 1204, 1, Decimal(98), 20, 8, -2, 0, 0)
    return row._replace(**more)


def plan(plan_id: str, exam: datetime | None, **more: Any) -> PlanRow:
    row = PlanRow("ada", plan_id, f"Plan {plan_id}", micros(exam) if exam else None, 3, 10, [])
    return row._replace(**more)


def milestone(day: int, done: int | None = None) -> dict[str, Any]:
    return {
        "due_on": date(2026, 11, day),
        "description": f"milestone {day}",
        "is_completed": done is not None,
        "completed_on": date(2026, 11, done) if done else None,
    }


def chosen(as_of: date = SUNDAY, created: int | None = None, **facts: Any) -> Payload:
    facts.setdefault("weeks", [week_row()])
    student = Student("ada", "America/Chicago", "en", created, "UTA")
    return choose(Facts(student, **facts), CATALOGUE, WEEK, as_of)


def quiet_since(*quiet: int) -> list[WeekRow]:
    return [
        week_row(WEEK - timedelta(days=7 * back), is_active=back not in quiet) for back in range(6)
    ]


def test_a_student_without_an_earlier_active_week_gets_the_first_report() -> None:
    assert chosen().kind == "first"
    assert chosen(weeks=[week_row(), week_row(WEEK - timedelta(days=7))]).kind == "full"


def test_a_student_who_comes_back_after_long_gets_no_first_report() -> None:
    long_ago = micros(datetime(2025, 1, 1, tzinfo=UTC))

    assert chosen(created=long_ago).kind == "full"


@pytest.mark.parametrize(
    ("quiet", "pauses"), [((0,), False), ((0, 1), False), ((0, 1, 2), True), ((), False)]
)
def test_the_third_quiet_mail_says_that_the_next_week_pauses(
    quiet: tuple[int, ...], pauses: bool
) -> None:
    payload = chosen(weeks=quiet_since(*quiet))

    assert (payload.kind == "quiet", payload.pauses_next) == (bool(quiet), pauses)


def test_mastery_shows_the_largest_changes_first_and_ties_by_low_mastery() -> None:
    rows = [
        mastery("cells", ".7", ".7"),
        mastery("genes", ".4", ".4"),
        mastery("enzymes", ".6", ".8"),
    ]

    assert [row.topic_id for row in chosen(mastery=rows).mastery] == ["enzymes", "genes", "cells"]


def test_a_parent_topic_is_not_shown_beside_its_subtopics() -> None:
    payload = chosen(mastery=[mastery("all", ".5"), mastery("cells", ".5")])

    assert [row.topic_id for row in payload.mastery] == ["cells"]
    assert payload.topics == 1
    assert [row.topic_id for row in chosen(mastery=[mastery("all", ".5")]).mastery] == ["all"]


def test_the_change_is_that_of_the_rounded_readings() -> None:
    (row,) = chosen(mastery=[mastery("cells", ".7850", ".6649")]).mastery

    assert (row.now, row.previous, row.change) == (79, 66, 13)


def test_an_hour_pays_most_where_weight_and_gap_are_large_and_minutes_few() -> None:
    rows = [mastery(topic, ".5") for topic in ("cells", "genes", "enzymes")]
    cards = [RecallRow("ada", "enzymes", 4)]

    payload = chosen(mastery=rows, recall=cards)

    assert [row.topic_id for row in payload.opportunities] == ["cells", "genes", "enzymes"]
    enzymes = payload.opportunities[2]
    assert (enzymes.cards_due, enzymes.minutes) == (4, 9 + 2)
    assert enzymes.video is not None
    assert enzymes.video.minutes == 9


def test_a_strong_topic_is_never_offered() -> None:
    assert chosen(mastery=[mastery("cells", ".86")]).opportunities == ()


@pytest.mark.parametrize(
    ("row", "missed", "kind", "count"),
    [
        (mastery("cells", ".5"), [MissedRow("ada", "cells", 5, 8)], "missed", 5),
        (mastery("cells", ".5"), [MissedRow("ada", "cells", 3, 4)], "weight", 50),
        (mastery("cells", ".5", last_answered_on=date(2026, 10, 30)), [], "idle", 16),
        (mastery("cells", ".5", ".56"), [], "fell", 6),
        (mastery("cells", ".5"), [], "weight", 50),
    ],
)
def test_each_offer_has_the_most_concrete_reason(
    row: MasteryRow, missed: list[MissedRow], kind: str, count: int
) -> None:
    (offer,) = chosen(mastery=[row], missed=missed).opportunities

    assert (offer.reason.kind, offer.reason.count) == (kind, count)


def test_due_cards_beat_a_lesson_and_a_lesson_beats_practice() -> None:
    rows = [mastery("cells", ".5"), mastery("enzymes", ".5")]
    cards = [RecallRow("ada", "genes", 3), RecallRow("ada", "cells", 7)]

    with_cards = chosen(mastery=rows, recall=cards).step
    without = chosen(mastery=rows).step

    assert (with_cards.kind, with_cards.count, with_cards.minutes) == ("flashcards", 7, 4)
    assert (without.kind, without.target, without.minutes) == ("video", "v1", 9)
    assert chosen(mastery=rows[:1]).step.kind == "practice"
    assert chosen().step.kind == "practice"


def test_later_numbers_tell_no_change_and_no_due_cards() -> None:
    later = chosen(
        as_of=SUNDAY + timedelta(days=1),
        mastery=[mastery("cells", ".5", ".6")],
        recall=[RecallRow("ada", "cells", 7)],
        ranks=[rank()],
    )

    assert (later.mastery[0].change, later.ranks[0].change) == (None, None)
    assert later.step.kind == "practice"
    assert later.week is not None
    assert later.week.cards_due is None


def test_the_plan_with_the_next_exam_is_told_in_local_days() -> None:
    evening = datetime(2026, 12, 1, 1, tzinfo=UTC)  # still 30 November in Chicago
    plans = [
        plan("past", datetime(2026, 11, 1, tzinfo=UTC)),
        plan("later", datetime(2026, 12, 9, tzinfo=UTC)),
        plan("next", evening, milestones=[milestone(20), milestone(12, 12), milestone(2, 3),
                                          milestone(10), milestone(25), milestone(28)]),
        plan("undated", None),
    ]  # fmt: skip

    told = chosen(plans=plans).plan

    assert told is not None
    assert (told.plan_id, told.exam_on, told.days_left) == ("next", date(2026, 11, 30), 14)
    assert [m.due_on.day for m in told.milestones] == [12, 20, 25]


def test_ranks_name_every_part_of_their_move_and_of_a_subject_only_the_better_metric() -> None:
    rows = [
        rank(moved_by_others=-5, moved_by_joiners=-1, moved_by_leavers=4),
        rank("subject", "bio", percentile=Decimal(40)),
        rank("subject", "bio", metric="performance", percentile=Decimal(60), previous_rank=9,
             moved_by_self=1, moved_by_others=-6),
        rank("university", "UTA", previous_rank=None, moved_by_self=None),
    ]  # fmt: skip

    told = chosen(ranks=rows).ranks

    assert [(r.scope, r.metric, r.change, r.moved) for r in told] == [
        ("university", "reputation", None, None),
        ("subject", "performance", -5, Moved(1, -6, 0, 0)),
        ("global", "reputation", 6, Moved(8, -5, -1, 4)),
    ]
    assert told[1].label == "Biology"


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_percent_is_the_half_up_rounded_share(part: int, more: int) -> None:
    whole = part + more
    expected = None if whole == 0 else int(Decimal(100 * part) / whole + Decimal("0.5"))

    assert percent(part, whole) == expected


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["cells", "genes", "enzymes"]),
            st.integers(0, 10_000),
            st.none() | st.integers(0, 10_000),
        ),
        max_size=3,
        unique_by=lambda row: row[0],
    )
)
def test_a_payload_survives_its_json_form(rows: list[tuple[str, int, int | None]]) -> None:
    given_rows = [
        mastery(
            topic, str(Decimal(now) / 10_000), None if was is None else str(Decimal(was) / 10_000)
        )
        for topic, now, was in rows
    ]
    payload = chosen(mastery=given_rows, ranks=[rank()])

    assert decode(encode(payload)) == payload
