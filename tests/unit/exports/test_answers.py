"""Nested lists read by the block are those that the typed decoder reads one by one."""

import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.exports.columns import nested
from mavprep_analytics.exports.kinds.answers import ANSWERS, SCORES
from mavprep_analytics.exports.nesting import NestedLists, Row, Texts
from mavprep_analytics.exports.routing import Invalid
from mavprep_analytics.exports.texts import Spans

FAILURES = (msgspec.ValidationError, ValueError, Invalid)
FORMS = {
    "questionId": {"S": "q1"},
    "selectedOption": {"S": "A"},
    "correct": {"BOOL": True},
    "timeSpent": {"N": "45"},
}


def raw(*members: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"L": [{"M": answer} for answer in members]})


ANSWER = {"questionId": {"S": "q1"}, "selectedOption": {"S": "A"}, "correct": {"BOOL": False}}
USUAL: dict[str, list[bytes]] = {
    "answers": [
        raw(FORMS, {**FORMS, "timeSpent": {"N": "4.5"}}),
        raw(ANSWER, ANSWER),
        raw(FORMS),
        raw(),
    ],
    "topicPerformance": [
        b'{"M":{"b":{"M":{"correct":{"N":"1"},"total":{"N":"2"},"percentage":{"N":"50"}}},'
        b'"a":{"M":{"correct":{"N":"3"},"total":{"N":"12"},"percentage":{"N":"25"}}}}}',
        b'{"M":{}}',
    ],
}
PIECES = [
    b'"',
    b"\\",
    b"{",
    b"}",
    b",",
    b":",
    b"",
    b"0",
    b".",
    b"-",
    b" ",
    b"\x01",
    b"\xff",
    b"[]",
    b"true",
]


class Slow:
    """Reads a list the slow way, and remembers that it was asked to."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(
        self, make: Callable[[memoryview], list[Row]], held: Texts, attribute: str
    ) -> list[list[Row] | None]:
        self.asked += sum(text is not None for text in held)
        return [None if text is None else make(text) for text in held]


def read(lists: NestedLists, *contents: bytes | None) -> list[Any]:
    texts = [None if content is None else memoryview(content) for content in contents]
    return list(lists.column(Spans.of(texts), Slow()).to_pylist())


def rows(content: bytes) -> list[dict[str, Any]]:
    (found,) = read(ANSWERS, content)
    return list(found)


def slowly(lists: NestedLists, *contents: bytes) -> list[Any]:
    return list(
        nested(
            lists.data_type, [lists.rows(memoryview(content)) for content in contents]
        ).to_pylist()
    )


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


@settings(max_examples=100)
@given(st.lists(some_answers, min_size=1, max_size=5))
def test_answers_read_by_the_block_are_those_read_one_by_one(members: list[Any]) -> None:
    contents = [raw(*answers) for answers in members]
    assert read(ANSWERS, *contents) == slowly(ANSWERS, *contents)


counts = st.integers(0, 10**18).map(lambda n: {"N": str(n)})
some_scores = st.dictionaries(
    texts,
    st.fixed_dictionaries(
        {"correct": counts, "total": counts}, optional={"percentage": counts}
    ).map(lambda score: {"M": score}),
    max_size=5,
)


@settings(max_examples=100)
@given(st.lists(some_scores, min_size=1, max_size=5))
def test_scores_read_by_the_block_are_those_read_one_by_one(members: list[Any]) -> None:
    contents = [msgspec.json.encode({"M": scores}) for scores in members]
    assert read(SCORES, *contents) == slowly(SCORES, *contents)


@pytest.mark.parametrize("lists", [ANSWERS, SCORES], ids=["answers", "scores"])
@settings(max_examples=200)
@given(data=st.data())
def test_a_changed_byte_is_read_as_one_by_one_or_refused(
    lists: NestedLists, data: st.DataObject
) -> None:
    contents = list(USUAL[lists.attribute])
    place = data.draw(st.integers(0, len(contents) - 1))
    text = bytearray(contents[place])
    at = data.draw(st.integers(0, len(text)))
    text[at : at + data.draw(st.integers(0, 2))] = data.draw(st.sampled_from(PIECES))
    contents[place] = bytes(text)
    try:
        expected = slowly(lists, *contents)
    except (*FAILURES, UnicodeDecodeError):
        with pytest.raises((*FAILURES, UnicodeDecodeError)):
            read(lists, *contents)
    else:
        assert read(lists, *contents) == expected


def test_usual_lists_are_read_without_the_slow_way() -> None:
    for lists in (ANSWERS, SCORES):
        slow = Slow()
        lists.column(Spans.of(map(memoryview, USUAL[lists.attribute])), slow)
        assert slow.asked == 0


@pytest.mark.parametrize("lists", [ANSWERS, SCORES], ids=["answers", "scores"])
@pytest.mark.parametrize("more", [b"x", b"}", b"]}", b","])
def test_nothing_may_follow_a_list(lists: NestedLists, more: bytes) -> None:
    first, *others = USUAL[lists.attribute]
    with pytest.raises(FAILURES):
        read(lists, first + more, *others)


def test_a_topic_twice_counts_once_as_the_typed_decoder_reads_it() -> None:
    score = b'"limits":{"M":{"correct":{"N":"%d"},"total":{"N":"9"}}}'
    content = b'{"M":{' + score % 1 + b"," + score % 2 + b"}}"
    assert read(SCORES, content) == [[{"topic_ref": "limits", "correct": 2, "total": 9}]]


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
    with pytest.raises(FAILURES):
        rows(raw(*members))


@pytest.mark.parametrize(
    "content",
    [b'{"L":[{"S":"x"},%s]}', b'{"L":[%s,{"M":{}}]}', b'{"L":[%s],"S":"x"}', b'{"M":[%s]}'],
)
def test_nothing_may_stand_between_or_around_the_answers(content: bytes) -> None:
    inner = raw(FORMS)[len(b'{"L":[') : -len(b"]}")]
    with pytest.raises(FAILURES):
        rows(content % inner)


def test_attempts_without_answers_stay_apart_from_empty_ones() -> None:
    found = read(ANSWERS, None, b'{"L":[]}', raw(FORMS))
    assert [None if held is None else len(held) for held in found] == [None, 0, 1]
