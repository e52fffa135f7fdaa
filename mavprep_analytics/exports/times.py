"""Timestamps and dates as people and programs write them, one by one and by the column. No I/O."""

import re
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(text: str) -> int:
    """Return an ISO 8601 timestamp as microseconds since 1970 UTC; without offset it means UTC.

    Raises:
        ValueError: it is none.
    """
    if _TIMESTAMP.fullmatch(text) is None:
        raise ValueError("no timestamp")
    try:
        instant = datetime.fromisoformat(text)
        since = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - _EPOCH
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def day(text: str) -> date:
    """Return an ISO date; of a timestamp its UTC date.

    Raises:
        ValueError: it is neither.
    """
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    return datetime.fromtimestamp(timestamp(text) // 1_000_000, UTC).date()


def timestamps(column: Any) -> tuple[Any, Any]:
    """Return texts as a column of int64 microseconds, and which cannot be read; those are null."""
    instants = _usual(column)
    if instants is not None:
        return instants, np.zeros(len(column), np.bool_)
    values: list[int | None] = []
    for text in column.to_pylist():
        try:
            values.append(None if text is None else timestamp(text))
        except ValueError:
            values.append(None)
    read = pa.array(values, pa.int64())
    return read, as_mask(pc.and_(pc.is_null(read), pc.is_valid(column)))


def days(column: Any) -> tuple[Any, Any]:
    """Return texts as a column of ISO dates, and which are none; those are null."""
    try:
        dates: Any = column.cast(pa.date32())
        first = pc.min(dates.view(pa.int32())).as_py()
        if first is None or first >= 0:
            return dates, np.zeros(len(column), np.bool_)
    except pa.ArrowInvalid:
        pass
    read = pa.array([_date(text) for text in column.to_pylist()], pa.date32())
    return read, as_mask(pc.and_(pc.is_null(read), pc.is_valid(column)))


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None and _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _usual(column: Any) -> Any:
    """Return what Arrow reads, if it reads every row and nothing that `timestamp` refuses; else None."""
    codes = column.view(pa.binary())
    has_minutes = pc.and_(
        pc.equal(pc.binary_slice(codes, 10, 11), pa.scalar(b"T")),
        pc.equal(pc.binary_slice(codes, 13, 14), pa.scalar(b":")),
    )
    if pc.all(has_minutes).as_py() is False:
        return None
    try:
        instants: Any = column.cast(pa.timestamp("us", "UTC")).view(pa.int64())
    except pa.ArrowInvalid:
        return None
    first = pc.min(instants).as_py()
    return instants if first is None or first >= 0 else None


def as_mask(flags: Any) -> Any:
    """Return Arrow booleans as numpy ones; null is false."""
    return flags.fill_null(False).to_numpy(zero_copy_only=False)
