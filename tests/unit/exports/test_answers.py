"""The pattern and the typed decoder read the same answers alike."""

import itertools
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.exports.kinds import answers
from mavprep_analytics.exports.kinds.answers import answers_column, read_answers
from mavprep_analytics.tables import core

TYPE = core.core_attempts.arrow_schema.field("answers").type
FORMS = {
    "questionId": {"S": "q1"},
    "selectedOption": {"S": "A"},
    "correct": {"BOOL": True},
    "timeSpent": {"N": "45"},
}


def raw(*members: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"L": [{"M": answer} for answer in members]})


def rows(content: bytes) -> list[dict[str, Any]]:
    (found,) = answers_column(TYPE, [read_answers(content)]).to_pylist()
    return list(found)


@pytest.mark.parametrize("order", list(itertools.permutations(FORMS)), ids=lambda o: o[0])
def test_the_order_of_attributes_does_not_matter(order: tuple[str, ...]) -> None:
    answer = {name: FORMS[name] for name in order}
    other = {name: FORMS[name] for name in reversed(order)}
    assert rows(raw(answer, answer)) == rows(raw(answer, other))
    assert rows(raw(answer))[0] == {
        "position": 1,
        "question_ref": "q1",
        "selected_option": "A",
        "is_correct": True,
        "seconds": Decimal(45),
    }


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
times = st.one_of(
    st.integers(-5, 20_000).map(str),
    st.decimals(0, 20_000, places=6).map("{:f}".format),
    st.decimals(0, 100, places=9).map("{:f}".format),
)
some_answers = st.lists(
    st.fixed_dictionaries(
        {
            "questionId": texts.map(lambda t: {"S": t}),
            "correct": st.booleans().map(lambda b: {"BOOL": b}),
        },
        optional={
            "selectedOption": st.one_of(texts.map(lambda t: {"S": t}), st.just({"NULL": True})),
            "timeSpent": st.one_of(times.map(lambda t: {"N": t}), st.just({"NULL": True})),
        },
    ),
    max_size=6,
)


@settings(max_examples=50)
@given(some_answers)
def test_the_pattern_and_the_typed_decoder_agree(members: list[dict[str, Any]]) -> None:
    content = raw(*members)
    slowly = answers_column(TYPE, [answers._slowly(content)]).to_pylist()
    assert [rows(content)] == slowly
    assert len(slowly[0]) == len(members)


@pytest.mark.parametrize(
    "broken",
    [
        {**FORMS, "correct": {"S": "true"}},
        {**FORMS, "timeSpent": {"N": "soon"}},
        {**FORMS, "selectedOption": {"S": "A", "NULL": True}},
        {**FORMS, "hint": {"S": "x"}},
        {"questionId": {"S": "q1"}},
    ],
    ids=range(5),
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_broken_answer_anywhere_is_noticed(broken: dict[str, Any], place: int) -> None:
    members: list[dict[str, Any]] = [FORMS, FORMS]
    members.insert(place, broken)
    with pytest.raises((msgspec.ValidationError, ValueError)):
        read_answers(raw(*members))


@pytest.mark.parametrize(
    "content",
    [b'{"L":[{"S":"x"},%s]}', b'{"L":[%s,{"M":{}}]}', b'{"L":[%s],"S":"x"}', b'{"M":[%s]}'],
)
def test_nothing_may_stand_between_or_around_the_answers(content: bytes) -> None:
    inner = raw(FORMS)[len(b'{"L":[') : -len(b"]}")]
    with pytest.raises(msgspec.ValidationError):
        read_answers(content % inner)


def test_attempts_without_answers_stay_apart_from_empty_ones() -> None:
    column = answers_column(TYPE, [None, read_answers(b'{"L":[]}'), read_answers(raw(FORMS))])
    assert [None if held is None else len(held) for held in column.to_pylist()] == [None, 0, 1]
