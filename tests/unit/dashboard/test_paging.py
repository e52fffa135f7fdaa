"""Cursors: what was encoded comes back, anything else is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.dashboard.faults import BadParameter
from mavprep_analytics.dashboard.paging import Cursor, decode

printable = st.text(max_size=60).filter(str.isprintable)


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1), printable)
def test_a_cursor_comes_back_as_it_was(publication: int, rank: int, user_id: str) -> None:
    cursor = Cursor(publication, (rank, user_id))
    assert decode(cursor.encode(), (int, str)) == cursor


@given(st.text(max_size=80))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    try:
        cursor = decode(text, (int, str))
    except BadParameter:
        return
    assert type(cursor.key[0]) is int
    assert type(cursor.key[1]) is str


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        [1, 2, "u", 4],
        [1, True, "u"],
        [1, 2, None],
        [1, 2.5, "u"],
        [1, 2**40, "u"],
        [1, "2", "u"],
        [1, 2, "u\0"],
        [1, 2, ["u"]],
        {"1": 2},
        None,
    ],
)
def test_a_forged_cursor_is_refused(value: object) -> None:
    with pytest.raises(BadParameter):
        decode(packed(value), (int, str))


def test_an_overlong_or_deep_cursor_is_refused() -> None:
    for value in ("A" * 5000, packed([1, 2, "u" * 3000])):
        with pytest.raises(BadParameter):
            decode(value, (int, str))
