"""Due times, lateness, the canary, the breaker and the pace."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.weekly_reports.backends.file import FileBackend, safe_name
from mavprep_analytics.weekly_reports.limits import (
    BreakerOpen,
    Pacer,
    canary_allows,
    check_failures,
    check_health,
    require_true_clock,
)
from mavprep_analytics.weekly_reports.outbox import Health, Progress
from mavprep_analytics.weekly_reports.schedule import (
    Held,
    bucket_runs,
    due_at,
    monday,
    reported_week,
    require_covered,
)
from mavprep_analytics.weekly_reports.text import first_name, one_line

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("week", "zone", "due"),
    [
        (date(2026, 11, 9), "UTC", "2026-11-16T07:00"),
        (date(2026, 11, 9), "America/Chicago", "2026-11-16T13:00"),
        (date(2026, 10, 26), "America/Chicago", "2026-11-02T13:00"),  # the week of 169 h
        (date(2026, 3, 2), "America/Chicago", "2026-03-09T12:00"),  # the week of 167 h
        (date(2026, 11, 9), "Pacific/Kiritimati", "2026-11-15T17:00"),
        (date(2026, 11, 9), "Pacific/Pago_Pago", "2026-11-16T18:00"),
        (date(2026, 11, 9), "Asia/Kathmandu", "2026-11-16T01:15"),
        (date(2026, 12, 28), "UTC", "2027-01-04T07:00"),  # 2026-W53
    ],
)
def test_a_mail_is_due_on_monday_at_seven_local(week: date, zone: str, due: str) -> None:
    assert due_at(week, zone) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_week_is_named_by_its_monday() -> None:
    assert monday(date(2026, 11, 9)) == date(2026, 11, 9)
    with pytest.raises(Misconfigured, match=r"is a Sunday.*Use --week 2026-11-09"):
        monday(date(2026, 11, 15))


def test_a_week_is_held_until_the_numbers_reach_its_sunday() -> None:
    week = date(2026, 11, 9)

    assert require_covered(week, date(2026, 11, 15)) == date(2026, 11, 15)
    for as_of in (None, date(2026, 11, 14)):
        with pytest.raises(Held, match="Run mavprep run --as-of 2026-11-15 first"):
            require_covered(week, as_of)


@pytest.mark.parametrize(
    ("audience", "tried", "minutes", "allowed"),
    [
        (20_000, 0, None, 100),
        (20_000, 60, 90, 100),
        (20_000, 100, 29, 100),
        (20_000, 100, 30, 200),
        (20_000, 150, 0, 200),
        (20_000, 200, 29, 200),
        (20_000, 200, 30, None),
        (20_000, 201, 0, None),
        (5_000, 100, 29, 100),
        (5_000, 100, 30, None),
        (999, 0, None, None),
    ],
)
def test_the_canary_goes_from_a_hundred_to_one_percent_to_all(
    audience: int, tried: int, minutes: int | None, allowed: int | None
) -> None:
    since = None if minutes is None else timedelta(minutes=minutes)
    progress = Progress(audience, tried, since)

    assert canary_allows(progress, HALF_HOUR) == allowed
    assert canary_allows(progress, timedelta(0)) is None


@pytest.mark.parametrize(
    ("sent", "bounces", "complaints", "is_open"),
    [(99, 99, 99, False), (100, 4, 1, False), (100, 5, 0, True), (100, 0, 2, True)],
)
def test_a_canary_is_judged_although_it_is_small(
    sent: int, bounces: int, complaints: int, is_open: bool
) -> None:
    health = Health(sent, bounces, complaints)

    check_health(health)
    if is_open:
        with pytest.raises(BreakerOpen, match="--despite-bounces"):
            check_health(health, is_canary=True)
    else:
        check_health(health, is_canary=True)


@pytest.mark.parametrize(
    ("minutes", "told"), [(6, "6 minutes ahead of"), (-61, "61 minutes behind")]
)
def test_a_clock_that_is_off_by_more_than_five_minutes_is_refused(minutes: int, told: str) -> None:
    with pytest.raises(Misconfigured, match=f"{told} SES's"):
        require_true_clock(NOW + timedelta(minutes=minutes), NOW, "SES")
    require_true_clock(NOW + timedelta(minutes=5), NOW, "SES")
    require_true_clock(NOW - timedelta(minutes=5), NOW, "SES")


def test_each_send_time_is_one_run_and_one_an_hour_while_reports_are_left() -> None:
    week = date(2026, 11, 9)
    tokyo, utc, chicago = (due_at(week, z) for z in ("Asia/Tokyo", "UTC", "America/Chicago"))
    buckets = [(tokyo, 3), (utc, 5), (chicago, 7), (tokyo - timedelta(hours=1), 0)]

    runs = bucket_runs(week, buckets, datetime(2026, 11, 16, 7, 59, tzinfo=UTC))

    assert [(run.key, run.due_at) for run in runs] == [
        ("2026-11-09 2026-11-15T22:00Z +9h", tokyo),
        ("2026-11-09 2026-11-16T07:00Z", utc),
    ]


def test_the_hour_that_comes_twice_asks_for_one_run() -> None:
    week = date(2026, 10, 26)  # New York falls back on its Sunday
    buckets = [(due_at(week, "America/New_York"), 5)]
    ticks = [datetime(2026, 11, 2, 12, minute, tzinfo=UTC) for minute in range(60)]

    assert {run.key for tick in ticks for run in bucket_runs(week, buckets, tick)} == {
        "2026-10-26 2026-11-02T12:00Z"
    }


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-15T09:59", date(2026, 11, 2)),
        ("2026-11-15T10:00", date(2026, 11, 9)),
        ("2026-11-22T09:59", date(2026, 11, 9)),
    ],
)
def test_the_reported_week_turns_where_the_day_begins_first(now: str, week: date) -> None:
    assert reported_week(datetime.fromisoformat(now).replace(tzinfo=UTC)) == week


@pytest.mark.parametrize(
    ("sent", "bounces", "complaints", "is_open"),
    [
        (499, 499, 0, False),
        (500, 20, 0, False),
        (500, 21, 0, True),
        (2500, 0, 2, False),
        (2499, 0, 2, True),
    ],
)
def test_the_breaker_opens_above_four_percent_bounces_or_eight_in_ten_thousand_complaints(
    sent: int, bounces: int, complaints: int, is_open: bool
) -> None:
    health = Health(sent, bounces, complaints)
    if is_open:
        with pytest.raises(BreakerOpen):
            check_health(health)
    else:
        check_health(health)


def test_a_few_failures_do_not_stop_a_run() -> None:
    check_failures(19, 19)
    check_failures(100, 20)
    with pytest.raises(BreakerOpen, match="21 of 100"):
        check_failures(100, 21)


@given(st.lists(st.floats(0, 3), min_size=2, max_size=30))
def test_calls_are_never_faster_than_the_rate(gaps: list[float]) -> None:
    now = 0.0
    starts: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pacer = Pacer(2, clock=lambda: now, sleep=sleep)
    for gap in gaps:
        pacer.wait()
        starts.append(now)
        now += gap / 10

    assert all(b - a >= 0.5 - 1e-9 for a, b in pairwise(starts))


@given(st.text(min_size=1, max_size=300))
def test_any_user_id_becomes_a_harmless_file_name(user: str) -> None:
    user = user.encode("utf-8", "replace").decode()
    name = safe_name(user)

    assert 0 < len(name) <= 110
    assert not name.startswith(".")
    assert not {"/", "\\", "\0", ":", "\n"} & set(name)
    assert name.lower() != "index"


@pytest.mark.parametrize("user", ["..", ".", "index", "a/b", "../../etc/passwd", "C:\\x", "ada "])
def test_hostile_ids_stay_within_the_folder(user: str, tmp_path: Path) -> None:
    assert (tmp_path / f"{safe_name(user)}.eml").resolve().parent == tmp_path.resolve()


@example("", " ")
@example("ada ", "_ada")
@given(st.text(max_size=20), st.text(max_size=20))
def test_two_ids_never_share_a_file(one: str, other: str) -> None:
    one, other = (text.encode("utf-8", "replace").decode() for text in (one, other))

    assert one == other or safe_name(one) != safe_name(other)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    with pytest.raises(Misconfigured, match=r"taken.*cannot be made"):
        FileBackend(tmp_path / "taken", date(2026, 11, 9)).open()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\tc", "a b c"),
        ("  many   spaces ", "many spaces"),
        ("\u202egnirts", "gnirts"),
        ("x" * 70, "x" * 63 + "…"),
        ("e\u0301" * 40, "e\u0301" * 31 + "…"),
        ("a\0b", "a b"),
    ],
)
def test_text_becomes_one_harmless_line(text: str, clean: str) -> None:
    assert one_line(text) == clean


def test_the_first_word_of_a_name_greets() -> None:
    assert first_name("Maya Lee") == "Maya"
    assert first_name(None) == first_name(" \n") == ""
