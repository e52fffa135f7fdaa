"""CSV that spreadsheets read as data: quoted by RFC 4180, never a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.dashboard.csv_rows import csv_lines, file_name

FORMULA = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
texts = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.lists(st.lists(texts, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_written_is_read_back_with_at_most_an_apostrophe_before_it(
    rows: list[list[str]],
) -> None:
    written = "".join(csv_lines(rows))
    read = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    expected = [[f"'{c}" if c.lstrip(" ").startswith(FORMULA) else c for c in row] for row in rows]
    assert [row or [""] for row in read] == expected


@pytest.mark.parametrize("start", FORMULA)
def test_no_text_cell_begins_like_a_formula(start: str) -> None:
    for cell in (f"{start}HYPERLINK(1)", f"  {start}1"):
        line = next(csv_lines([[cell]]))
        assert line.lstrip('"').startswith("'")


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    row = (-3, Decimal("-1.50"), Decimal("1E+3"), None, date(2026, 11, 19), True)
    assert next(csv_lines([row])) == "-3,-1.50,1000,,2026-11-19,true\r\n"


def test_the_file_name_tells_page_filters_and_date_in_plain_ascii() -> None:
    name = file_name("rankings", date(2026, 11, 19), ["reputation-global", 'Zo\u00eb "/../ U', ""])
    assert name == "rankings_reputation-global_Zo-..-U_as-of-2026-11-19.csv"
