"""Places charts on the page: the geometry of two SVG drawings in percent, so that they stretch without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

_STEPS = (1, 2, 5, 10)
_MOST_LINES = 5


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: its place in percent and its text."""

    at: float
    text: str


@dataclass(frozen=True)
class DayMark:
    """A day of a line chart: centre, width of its strip and height of its point in percent; its number."""

    at: float
    width: float
    top: float
    day: date
    value: int


@dataclass(frozen=True)
class LineChart:
    """A line over days; `line` and `area` are paths in a box of 1000 x 1000."""

    line: str
    area: str
    days: tuple[DayMark, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Dot:
    """A point of a scatter in percent, its row, and whether it stands out."""

    at: float
    top: float
    row: Mapping[str, Any]
    is_marked: bool


@dataclass(frozen=True)
class Scatter:
    """Points over two axes; `zero` is the height of 0 in percent."""

    dots: tuple[Dot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    zero: float


def line_chart(rows: Sequence[tuple[date, int]]) -> LineChart | None:
    """Return the chart of a count by day from zero up; a day without a row is a gap in time, not a zero.

    Args:
        rows: days in ascending order with their counts.

    Returns:
        None for fewer than two days.
    """
    if len(rows) < 2:
        return None
    first, span = rows[0][0], (rows[-1][0] - rows[0][0]).days
    step = _step(max(value for _, value in rows))
    top = step * -(-max(value for _, value in rows) // step) or step
    strip = 100 / (span + 1)
    days = tuple(
        DayMark(
            round((day - first).days * strip + strip / 2, 2),
            round(strip, 3),
            round(100 - 100 * value / top, 2),
            day,
            value,
        )
        for day, value in rows
    )
    points = " L".join(f"{mark.at * 10:.1f} {mark.top * 10:.1f}" for mark in days)
    line = f"M{points}"
    area = f"{line} L{days[-1].at * 10:.1f} 1000 L{days[0].at * 10:.1f} 1000 Z"
    y_ticks = tuple(
        Tick(round(100 - 100 * value / top, 2), f"{value:,}") for value in range(0, top + 1, step)
    )
    return LineChart(line, area, days, _months(days), y_ticks)


def scatter(rows: Sequence[Mapping[str, Any]]) -> Scatter | None:
    """Return facility (0 to 1, across) against item-rest correlation (up); None without rows.

    Args:
        rows: with facility, item_rest_r and key_suspect; marked ones are drawn last, on top.
    """
    if not rows:
        return None
    lowest = min(Decimal(0), *(row["item_rest_r"] for row in rows))
    highest = max(Decimal("0.1"), *(row["item_rest_r"] for row in rows))
    low, high = int(lowest * 5 - 1) * 20, int(highest * 5 + 1) * 20  # whole fifths, in hundredths
    dots = sorted(
        (
            Dot(
                round(float(row["facility"]) * 100, 1),
                round((high - float(row["item_rest_r"]) * 100) / (high - low) * 100, 1),
                row,
                bool(row["key_suspect"]),
            )
            for row in rows
        ),
        key=lambda dot: dot.is_marked,
    )
    x_ticks = tuple(Tick(at, f"{at} %") for at in range(0, 101, 20))
    y_ticks = tuple(
        Tick(
            round((high - value) / (high - low) * 100, 2),
            f"{value / 100:.1f}".replace("-", "\N{MINUS SIGN}"),
        )
        for value in range(low, high + 1, 20)
    )
    return Scatter(tuple(dots), x_ticks, y_ticks, round(high / (high - low) * 100, 2))


def _step(highest: int) -> int:
    """Return a round step of the axis that needs at most five lines."""
    size = 1
    while True:
        for factor in _STEPS:
            if highest <= factor * size * _MOST_LINES:
                return factor * size
        size *= 10


def _months(days: Sequence[DayMark]) -> tuple[Tick, ...]:
    """Return the Mondays of every second week, so that weeks can be counted."""
    mondays = [mark for mark in days if mark.day.weekday() == 0]
    every = max(1, -(-len(mondays) // 6))
    return tuple(Tick(mark.at, f"{mark.day.day} {mark.day:%b}") for mark in mondays[::-every])
