"""Charts: every point where its number belongs, from any counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.dashboard.charts import line_chart, scatter

MONDAY = date(2026, 11, 2)


@given(st.lists(st.integers(0, 2_000_000), min_size=2, max_size=120))
def test_heights_are_in_proportion_to_the_counts_and_the_axis_is_round(counts: list[int]) -> None:
    chart = line_chart([(MONDAY + timedelta(days=n), count) for n, count in enumerate(counts)])
    assert chart is not None
    top = int(chart.y_ticks[-1].text.replace(",", ""))
    assert top >= max(counts)
    assert 2 <= len(chart.y_ticks) <= 6
    for mark, count in zip(chart.days, counts, strict=True):
        assert mark.top == pytest.approx(100 - 100 * count / top, abs=0.01)
        assert 0 < mark.at < 100


def test_a_missing_day_leaves_its_place_free() -> None:
    chart = line_chart([(MONDAY, 10), (MONDAY + timedelta(days=3), 20)])
    assert chart is not None
    assert [mark.at for mark in chart.days] == [12.5, 87.5]
    assert [tick.text for tick in chart.y_ticks] == ["0", "5", "10", "15", "20"]


def test_one_day_is_no_line() -> None:
    assert line_chart([(MONDAY, 10)]) is None


def test_a_scatter_holds_every_point_and_zero_inside_its_axes() -> None:
    rows = [
        {"facility": Decimal(f), "item_rest_r": Decimal(r), "key_suspect": suspect}
        for f, r, suspect in (("0.1", "-0.31", True), ("0.9", "0.62", False), ("0", "0", False))
    ]
    chart = scatter(rows)
    assert chart is not None
    assert next(tick.text for tick in chart.y_ticks) == "\N{MINUS SIGN}0.4"
    assert [dot.is_marked for dot in chart.dots] == [False, False, True]
    assert all(0 <= dot.top <= 100 for dot in chart.dots)
    assert chart.dots[1].top == pytest.approx(chart.zero, abs=0.1)
    assert scatter([]) is None
