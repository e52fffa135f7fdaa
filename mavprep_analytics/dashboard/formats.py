"""How numbers, shares, times and moves are written on a page; None is written as a dash with its word, never as 0."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from mavprep_analytics.periods import end_of_day

NOTHING = "\N{EN DASH}"
_LATE_AFTER = timedelta(hours=26)
LEVEL_WORDS = {
    "not_enough_data": "Not enough data",
    "starting": "Starting",
    "developing": "Developing",
    "proficient": "Proficient",
    "mastered": "Mastered",
}
_BANDS = ((10, 20), (20, 50), (50, 100), (100, 500), (500, 1000))

Number = int | float | Decimal


def number(value: Number | None, decimals: int = 0) -> str:
    """Return a number with thousands separators and fixed decimals."""
    return NOTHING if value is None else f"{value:,.{decimals}f}"


def exact(value: Decimal | None) -> str:
    """Return an exact decimal with thousands separators and without trailing zeros."""
    if value is None:
        return NOTHING
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: Number | None, decimals: int = 0) -> str:
    """Return a share of 1 as percent."""
    return NOTHING if share is None else f"{Decimal(share) * 100:.{decimals}f} %"


def signed(value: Number | None, decimals: int = 0) -> str:
    """Return a number with its sign, a true minus, and no sign for zero."""
    if value is None:
        return NOTHING
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0.,"):
        return text
    return ("+" if value > 0 else "\N{MINUS SIGN}") + text


def day(value: date | None) -> str:
    """Return a date like 16 Nov 2026."""
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def weekday(value: date) -> str:
    """Return a date like Sat 14 Nov."""
    return f"{value:%a} {value.day} {value:%b}"


def moment(value: datetime | None) -> str:
    """Return an instant like 16 Nov 2026, 04:10 UTC."""
    return (
        NOTHING
        if value is None
        else f"{day(value.astimezone(UTC).date())}, {value.astimezone(UTC):%H:%M} UTC"
    )


def duration(seconds: Number | None) -> str:
    """Return seconds like 4 min 05 s."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def band(students: int) -> str:
    """Return the size of a group as a range: exact sizes would tell who came."""
    for low, high in _BANDS:
        if low <= students < high:
            return f"{low} to {high - 1} students"
    return "1,000 students or more" if students >= 1000 else "fewer than 10 students"


def short_id(user_id: str) -> str:
    """Return an id short enough for a table's cell; the whole one stands on the student's page."""
    return user_id if len(user_id) <= 12 else user_id[:8] + "\N{HORIZONTAL ELLIPSIS}"


def lateness(as_of: date, now: datetime) -> str | None:
    """Say how late the numbers are; None while they are at most 26 hours past their date's end."""
    behind = now - end_of_day(as_of)
    if behind <= _LATE_AFTER:
        return None
    hours = int(behind.total_seconds() // 3600)
    age = f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return f"Late: the numbers end {age} ago"


def move(places: int | None) -> str:
    """Say a move in words: direction is never told by colour alone."""
    if places is None:
        return "new"
    if places == 0:
        return "unchanged"
    return f"up {places:,}" if places > 0 else f"down {-places:,}"
