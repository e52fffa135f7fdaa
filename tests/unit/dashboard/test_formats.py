"""How values are written: undefined is a dash, signs are true, lateness and directions are words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mavprep_analytics.dashboard import formats


def test_undefined_is_never_zero() -> None:
    for write in (formats.number, formats.percent, formats.signed, formats.exact, formats.duration):
        assert write(None) == "\N{EN DASH}"
    assert formats.day(None) == formats.moment(None) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("0.004"), "0.00"), (-0.004, "0.00"), (-1.5, "\N{MINUS SIGN}1.50"), (2, "+2.00")],
)
def test_a_sign_is_written_only_before_something(value: float, text: str) -> None:
    assert formats.signed(value, 2) == text


@pytest.mark.parametrize(
    ("value", "text"), [("1234.5000", "1,234.5"), ("100", "100"), ("0.10", "0.1"), ("1E+2", "100")]
)
def test_an_exact_decimal_keeps_its_digits_and_loses_its_zeros(value: str, text: str) -> None:
    assert formats.exact(Decimal(value)) == text


def test_numbers_are_late_after_twenty_six_hours_and_say_by_how_much() -> None:
    as_of = date(2026, 11, 19)
    assert formats.lateness(as_of, datetime(2026, 11, 21, 2, tzinfo=UTC)) is None
    assert (
        formats.lateness(as_of, datetime(2026, 11, 21, 3, tzinfo=UTC))
        == "Late: the numbers end 27 hours ago"
    )
    assert (
        formats.lateness(as_of, datetime(2026, 11, 25, tzinfo=UTC))
        == "Late: the numbers end 5 days ago"
    )


@pytest.mark.parametrize(
    ("students", "text"), [(9, "fewer"), (10, "10 to 19"), (499, "100 to 499"), (5000, "1,000")]
)
def test_the_size_of_a_group_is_a_range(students: int, text: str) -> None:
    assert formats.band(students).startswith(text)


def test_a_move_is_told_in_words() -> None:
    assert [formats.move(n) for n in (None, 0, 3, -1200)] == [
        "new",
        "unchanged",
        "up 3",
        "down 1,200",
    ]
