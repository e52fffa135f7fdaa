"""Times read by the column are those read one by one; no odd form changes its meaning on the way."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mavprep_analytics.exports.times import day, days, timestamp, timestamps

instants = st.datetimes(
    datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)
)  # fmt: skip
usual = instants.map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
with_offsets = st.builds(
    lambda at, minutes, spec: at.astimezone(timezone(timedelta(minutes=minutes))).isoformat(
        timespec=spec
    ),
    instants,
    st.integers(-1439, 1439),
    st.sampled_from(["minutes", "seconds", "milliseconds", "microseconds"]),
)
odd = st.sampled_from(
    [
        "",
        "soon",
        "2026-08-31",
        "2026-08-31T01Z",
        "2026-08-31 01:51:48Z",
        "2026-08-31T01:51:48",
        "2026-08-31T01:51Z",
        "2026-08-31T01:51:48,5Z",
        "2026-08-31T01:51:48.123456789Z",
        "2026-02-30T01:51:48Z",
        "0000-01-01T00:00:00Z",
        "2026-08-31T24:00:00Z",
        "2026-08-31T23:59:60Z",
        "٢٠٢٦-08-31T01:51:48Z",
        "2026-08-31T01:51:48+24:00",
    ]
)


def one_by_one(texts: list[str | None]) -> tuple[list[int | None], list[bool]]:
    values: list[int | None] = []
    for text in texts:
        try:
            values.append(None if text is None else timestamp(text))
        except ValueError:
            values.append(None)
    is_bad = [text is not None and value is None for text, value in zip(texts, values, strict=True)]
    return values, is_bad


@settings(max_examples=200)
@example(["0000-01-01T00:00:00Z", "2026-08-31T01:51:48Z"])
@given(st.lists(st.one_of(usual, with_offsets, odd, st.none()), max_size=6))
def test_a_column_of_timestamps_is_read_as_one_by_one(texts: list[str | None]) -> None:
    column, is_bad = timestamps(pa.array(texts, pa.string()))
    assert (column.to_pylist(), is_bad.tolist()) == one_by_one(texts)


@settings(max_examples=100)
@given(st.lists(usual, min_size=1, max_size=4))
def test_a_usual_column_means_what_the_calendar_says(texts: list[str]) -> None:
    column, _ = timestamps(pa.array(texts, pa.string()))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = [epoch + timedelta(microseconds=value) for value in column.to_pylist()]
    assert found == [datetime.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["2026-2-3", "20260203", "2026-02-30", "0000-01-01", "2026-02-03 ", "2026-W01-1"]
)
def test_no_date_is_no_date_in_a_column_either(text: str) -> None:
    dates, is_bad = days(pa.array(["2026-02-03", text, None]))
    assert is_bad.tolist() == [False, True, False]
    assert dates.to_pylist() == [day("2026-02-03"), None, None]
