"""Parameters: what fits comes through normalised, the rest is refused."""

from datetime import date

import pytest

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.faults import BadParameter
from mavprep_analytics.dashboard.search import id_pattern, name_query


@pytest.mark.parametrize(
    "value", ["0", "-1", "1e3", "1.5", "99999999999", "2147483648", "\u0663", " "]
)
def test_a_rank_is_a_whole_number_from_one_up(value: str) -> None:
    if value.strip():
        with pytest.raises(BadParameter):
            parameters.place({"from_rank": value}, "from_rank")
    else:
        assert parameters.place({"from_rank": value}, "from_rank") is None


def test_a_text_holds_no_control_characters_and_is_not_endless() -> None:
    assert parameters.text({"q": "  Zo\u00eb "}, "q") == "Zo\u00eb"
    for value in ("a\0b", "a\nb", "x" * 201, "\ud800"):
        with pytest.raises(BadParameter):
            parameters.text({"q": value}, "q")


@pytest.mark.parametrize("value", ["1", "' or 1=1 --", "<b>", "0" * 31])
def test_an_identifier_is_a_uuid(value: str) -> None:
    with pytest.raises(BadParameter):
        parameters.identifier({"subject": value}, "subject")


@pytest.mark.parametrize("value", ["2026-11-17", "2026-13-01", "x", "20261116T00"])
def test_a_week_is_named_by_its_monday(value: str) -> None:
    with pytest.raises(BadParameter):
        parameters.week(value)
    assert parameters.week("2026-11-16") == date(2026, 11, 16)


def test_a_search_text_is_never_a_pattern_or_a_query() -> None:
    assert id_pattern("50%_\\") == "50\\%\\_\\\\%"
    assert name_query("Zo\u00eb & !O'Brien:*") == "Zo\u00eb:* & O:* & Brien:*"
    assert name_query("&|!") is None
