"""Lines read together by their shape are those that are read one by one."""

import random
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import export_items as make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.campus.dynamodb_json import item_text
from mavprep_analytics.exports import shapes
from mavprep_analytics.exports.decoding import Decoded, Decoder
from mavprep_analytics.exports.shapes import Shapes
from mavprep_analytics.exports.texts import Text

HORIZON = 1_767_225_600_000_000
PIECES = [
    b'"',
    b"\\",
    b"\\u0041",
    b"{",
    b"}",
    b"},",
    b'"},"a":{"S":"b',
    b'","N":"5',
    b",",
    b"",
    b"#",
    b"00",
    b"-",
    b".5",
    b"e3",
    b" ",
    b"\x01",
    b"\t",
    b"\xff",
    b"\xc3\xa9",
    b"true",
    b"null",
    b"NULL",
]


def line(item: make.Item) -> bytes:
    return f'{{"Item":{item_text(item)}}}'.encode()


def attempt(rng: random.Random, number: int) -> make.Item:
    at = f"2025-12-{rng.randint(1, 28):02}T0{rng.randint(0, 9)}:00:00Z"
    item = make.attempt(
        f"u{number}",
        f"test{rng.randint(1, 30)}",
        at,
        endTime=rng.choice((None, "2025-12-30T00:00:00Z")),
        score=Decimal(rng.randint(0, 1000)) / 10,
        answers=[
            {"questionId": f"q{n}", "selectedOption": rng.choice("ABCD"), "correct": n % 2 == 0}
            for n in range(rng.randint(0, 4))
        ],
    )
    return {**item, "subjectName": "Análisis"} if rng.random() < 0.3 else item


def usual_lines(seed: int, count: int) -> list[bytes]:
    rng = random.Random(seed)
    makers = (
        lambda n: attempt(rng, n),
        lambda n: make.daily(f"u{n}", f"2025-11-{rng.randint(1, 30):02}"),
        lambda n: make.flashcard(f"u{n}", f"c{rng.randint(1, 99)}"),
    )
    some = [line(rng.choice(makers)(number)) for number in range(count)]
    return [*some, line(make.deck())]


def decode(lines: list[bytes]) -> tuple[Decoded, dict[str, list[Any]]]:
    decoder = Decoder("arn:table", HORIZON, is_change=False)
    tables = decoder.decode(Text.of_lines(lines))
    found = {name: table.sort_by("_key").to_pylist() for name, table in tables.items()}
    return decoder.result, found


def assert_same(lines: list[bytes]) -> None:
    together = decode(lines)
    with patch.object(shapes, "_FEWEST", len(lines) + 1):
        assert decode(lines) == together


def test_usual_lines_need_no_other_way() -> None:
    alike, alone = Shapes().find(Text.of_lines(usual_lines(1, 300)))
    assert {found.kind.name for found in alike} == {"attempt", "daily_activity", "flashcard"}
    assert sum(len(found.rows) for found in alike) == 300
    assert alone.tolist() == [300]


def test_shapes_are_remembered_from_block_to_block() -> None:
    known = Shapes()
    known.find(Text.of_lines(usual_lines(1, 300)))
    alike, _ = known.find(Text.of_lines([line(make.daily())] * 16))
    assert [len(found.rows) for found in alike] == [16]


@pytest.mark.parametrize("seed", range(3))
def test_lines_read_together_are_those_read_one_by_one(seed: int) -> None:
    lines = usual_lines(seed, 200)
    result, tables = decode(lines)
    assert result.accepted.total() == 201
    assert_same(lines)
    assert len(tables["core_attempts"]) > 16


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_changed_bytes_are_taken_or_refused_as_one_by_one(data: st.DataObject) -> None:
    lines = usual_lines(data.draw(st.integers(0, 3)), 60)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(lines) - 1))
        text = bytearray(lines[place])
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.sampled_from(PIECES))
        lines[place] = bytes(text)
    assert_same(lines)


VALUES = {
    "score": ["1e2", "+5", "-3", "0.10", "007", "", "NaN", "9" * 30, "1.5"],
    "totalQuestions": ["-1", "007", "1e1", "9" * 25, "5.0", "", "abc"],
    "timeSpentSeconds": ["-5", "1e3", "1.25", "1e400", "inf", "1234567890"],
    "startTime": ["2025-12-20T10:30:00", "2025-13-20T10:30:00Z", "soon", ""],
    "endTime": ["2025-12-20T09:30:00Z", "2027-12-20T10:30:00Z", "2025-12-20T19:30:00+02:00"],
    "subjectId": ["a}b", 'x","y', "", "é", "a\\u0041b"],
    "userId": ["someone else"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in VALUES.items() for value in values]
)
def test_an_unusual_value_is_judged_as_one_by_one(name: str, value: str) -> None:
    known = {"endTime": "2025-12-20T18:45:00Z", "userId": "u1"}
    text = line(make.attempt("u1", **known))
    tag = "N" if name in ("score", "totalQuestions", "timeSpentSeconds") else "S"
    start = text.index(f'"{name}":{{"{tag}":"'.encode()) + len(name) + 9
    odd = text[:start] + value.encode() + text[text.index(b'"', start) :]
    others = [line(make.attempt("u1", f"test{n}", **known)) for n in range(20)]
    assert_same([*others[:10], odd, *others[10:]])


@pytest.mark.parametrize("name", ["subjectId", "graded", "score", "startTime"])
def test_lines_that_all_lack_an_attribute_are_all_refused(name: str) -> None:
    items = [make.attempt(f"u{n}") for n in range(20)]
    lines = [line({key: value for key, value in item.items() if key != name}) for item in items]
    result, _ = decode(lines)
    assert [refused.reason for refused in result.refused] == ["missing_attribute"] * 20
    assert_same(lines)


@pytest.mark.parametrize("answers", [None, []])
def test_no_answers_among_answers_are_kept_apart(answers: list[Any] | None) -> None:
    items = [make.attempt(f"u{n}") for n in range(40)]
    for number in range(30):
        items[number]["answers"] = answers
    lines = [line(item) for item in items]
    assert_same(lines)
    _, tables = decode(lines)
    assert sum(row["answers"] == answers for row in tables["core_attempts"]) == 30


@pytest.mark.parametrize("key", ["PROGRESS#t1", "PROGRESS#", "PROGRESS##2025-12-20T15:30:00Z"])
def test_a_broken_key_among_whole_ones_is_quarantined(key: str) -> None:
    items = [make.attempt(f"u{n}") for n in range(20)]
    items[7]["SK"] = key
    lines = [line(item) for item in items]
    result, _ = decode(lines)
    assert [(refused.line_number, refused.reason) for refused in result.refused] == [(8, "bad_key")]
    assert_same(lines)


def test_two_type_tags_in_one_attribute_are_refused() -> None:
    lines = [line(make.attempt(f"u{n}")) for n in range(20)]
    lines[7] = lines[7].replace(b'"subjectId":{"S":"', b'"subjectId":{"N":"1","S":"')
    lines[8] = lines[8].replace(b'"subjectId":{"S":"', b'"subjectId":{"S":"1","S":"')
    result, _ = decode(lines)
    assert [refused.line_number for refused in result.refused] == [8]
    assert_same(lines)


def test_lines_of_one_shape_may_hold_null_and_nested_lists_anywhere() -> None:
    items = [make.attempt(f"u{n}", endTime=None) for n in range(40)]
    moved = [{"answers": item.pop("answers"), **item} for item in items[:20]]
    assert_same([line(item) for item in (*moved, *items[20:])])


@pytest.mark.parametrize(
    "key", ["PROGRESS#t1#", "PROGRESS#t1", "PROGRESS#", "DAILY#", "DAILY#soon"]
)
def test_a_key_without_its_time_is_quarantined_and_spoils_no_other(key: str) -> None:
    bad = (make.daily if key.startswith("DAILY") else make.attempt)("u1")
    others = [make.daily("u2"), make.attempt("u3")]
    lines = [line({**bad, "SK": key}), *map(line, others)]
    result, tables = decode(lines)
    assert [(refused.line_number, refused.reason) for refused in result.refused] == [(1, "bad_key")]
    (attempt_row,), (day,) = tables["core_attempts"], tables["core_daily_activities"]
    assert (attempt_row["_bucket"], day["_bucket"]) == ("2025-12", "2025-12")
    assert_same(lines)


@pytest.mark.parametrize("name", ["tab\there", 'quote"here', "back\\slash", "new\nline"])
def test_an_attribute_of_any_name_is_drift(name: str) -> None:
    items = [{**make.deck(f"u{n}"), name: "x"} for n in range(3)]
    result, _ = decode([line(item) for item in items])
    assert result.accepted == {"deck": 3}
    assert result.drift == {("deck", name): 3}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"subjectId":{"S":"subject101"},', b'"subjectId":{"S":"},'),
        (b'"subjectId":{"S":"subject101"}', b'"subjectId":{"S":"subject\xff"}'),
        (b'}},{"M":{"questionId"', b'}};{"M":{"questionId"'),
        (b'"answers":{"L":[', b'"answers":true,"L":{"L":['),
        (b'"answers":{"L":[', b'"answers":{"L":['[:-1]),
        (b'"graded":{"BOOL":true}}}', b'"graded":{"BOOL":true}}}}'),
        (b'"graded":{"BOOL":true}}}', b'"graded":{"BOOL":true}}}x'),
        (b'"graded":{"BOOL":true}}}', b'"graded":{"BOOL":true}}'),
    ],
)
def test_text_that_is_no_json_is_refused_as_one_by_one(old: bytes, new: bytes) -> None:
    lines = [line(make.attempt(f"u{n}")) for n in range(20)]
    assert old in lines[7]
    lines[7] = lines[7].replace(old, new, 1)
    result, _ = decode(lines)
    assert [refused.line_number for refused in result.refused] == [8]
    assert_same(lines)


def test_a_line_cut_in_two_is_refused_twice() -> None:
    lines = [line(make.daily(f"u{n}")) for n in range(20)]
    cut = lines[7].index(b'"},"SK"')
    lines[7:8] = [lines[7][:cut], lines[7][cut:]]
    result, _ = decode(lines)
    assert [refused.line_number for refused in result.refused] == [8, 9]
    assert_same(lines)


@pytest.mark.parametrize("odd", [b"true", b'{"L":[{}]}', b'{"M":{}}', b"[]"])
def test_answers_that_are_no_list_are_refused_as_one_by_one(odd: bytes) -> None:
    without = {"testName": None, "topicPerformance": None, "difficultyBreakdown": None}
    items = [make.attempt(f"u{n}", answers=[]) for n in range(20)]
    kept = [{key: value for key, value in item.items() if key not in without} for item in items]
    lines = [line(item) for item in kept]
    lines[7] = lines[7].replace(b'{"L":[]}', odd, 1)
    result, _ = decode(lines)
    assert [refused.line_number for refused in result.refused] == [8]
    assert_same(lines)


def test_lines_without_nested_attributes_have_a_shape() -> None:
    items = [make.attempt(f"u{n}") for n in range(20)]
    nested = ("testName", "topicPerformance", "difficultyBreakdown", "answers")
    lines = [line({key: v for key, v in item.items() if key not in nested}) for item in items]
    (alike,), alone = Shapes().find(Text.of_lines(lines))
    assert (len(alike.rows), len(alone)) == (20, 0)
    assert_same(lines)
