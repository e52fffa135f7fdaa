"""Which items are taken and which are quarantined, line by line."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import export_items as make
import pytest

from mavprep_analytics.campus.dynamodb_json import item_text
from mavprep_analytics.exports.decoding import Decoded, Decoder
from mavprep_analytics.exports.texts import Text
from mavprep_analytics.periods import end_of_day, micros

AS_OF = date(2026, 1, 1)
HORIZON = micros(end_of_day(AS_OF)) + 300_000_000


def decode(*lines: bytes | make.Item, is_change: bool = False) -> tuple[Decoded, dict[str, Any]]:
    decoder = Decoder("arn:table", HORIZON, is_change=is_change)
    texts = [
        line if isinstance(line, bytes) else f'{{"Item":{item_text(line)}}}'.encode()
        for line in lines
    ]
    tables = decoder.decode(Text.of_lines(texts))
    return decoder.result, {name: table.to_pylist() for name, table in tables.items()}


def verdict(line: bytes | make.Item) -> tuple[str | None, str, str | None] | None:
    """Kind, reason and attribute of the quarantined line; None: it was taken."""
    result, _ = decode(line)
    if not result.refused:
        assert result.accepted.total() + len(result.unrecognised) == 1
        return None
    assert result.accepted.total() == 0
    return result.refused[0].entity, result.refused[0].reason, result.refused[0].attribute


@pytest.mark.parametrize("item", make.one_of_each(), ids=lambda item: item["SK"].split("#")[0])
def test_a_valid_item_of_every_kind_is_taken_without_drift(item: make.Item) -> None:
    result, tables = decode(item)
    assert result.accepted.total() == 1
    assert not result.drift
    assert all(len(rows) == 1 for rows in tables.values())


def test_an_attempt_becomes_one_row_with_exact_values() -> None:
    _, tables = decode(make.attempt(score=Decimal("12345678901234567.0123456789"), endTime=None))
    (row,) = tables["core_attempts"]
    assert row["score"] == Decimal("12345678901234567.0123456789")
    assert row["ended_at_micros"] is None
    assert row["started_at_micros"] == 1_766_244_600_000_000
    assert row["time_spent_seconds"] == 4500
    assert row["answers"][1] == {
        "position": 2,
        "question_ref": "q2",
        "selected_option": "C",
        "is_correct": False,
        "seconds": Decimal("120.000000"),
    }
    assert row["topic_performance"] == [{"topic_ref": "limits", "correct": 1, "total": 2}]
    assert (row["easy_total"], row["hard_total"]) == (2, 0)


@pytest.mark.parametrize(
    ("changes", "reason", "attribute"),
    [
        ({"correctAnswers": 9}, "inconsistent_counts", "totalQuestions"),
        ({"percentageScore": Decimal("100.01")}, "out_of_range", "percentageScore"),
        ({"percentageScore": -1}, "out_of_range", "percentageScore"),
        ({"timeSpentSeconds": -1}, "out_of_range", "timeSpentSeconds"),
        ({"totalQuestions": -2}, "out_of_range", "totalQuestions"),
        ({"totalQuestions": Decimal("2.5")}, "wrong_type", "totalQuestions"),
        ({"score": "85"}, "wrong_type", "score"),
        ({"score": None}, "missing_attribute", "score"),
        ({"testId": "other"}, "key_mismatch", "testId"),
        ({"startTime": "2025-12-20T15:31:00Z"}, "key_mismatch", "startTime"),
        ({"startTime": "20 Dec 2025"}, "bad_timestamp", "startTime"),
        ({"endTime": "2025-12-20T15:29:59Z"}, "time_order", "endTime"),
        ({"endTime": "2026-01-02T00:05:01Z"}, "future", "endTime"),
        ({"answers": [{"questionId": "q1"}]}, "missing_attribute", "answers[].correct"),
        ({"answers": [{"questionId": 1, "correct": True}]}, "wrong_type", "answers[].questionId"),
        ({"completed": "yes"}, "wrong_type", "completed"),
        ({"difficultyBreakdown": {"easy": {"correct": 1}}}, "missing_attribute",
         "difficultyBreakdown.easy.total"),
    ],
)  # fmt: skip
def test_an_invalid_attempt_is_quarantined_with_its_reason(
    changes: make.Item, reason: str, attribute: str
) -> None:
    assert verdict(make.attempt(**changes)) == ("attempt", reason, attribute)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (make.profile(userId="u2"), "key_mismatch"),
        (make.daily(on="2026-01-03"), "future"),
        (make.daily(date="2025-12-21"), "key_mismatch"),
        (make.daily(studyTimeMinutes=-1), "out_of_range"),
        (make.flashcard(cardId="c2"), "key_mismatch"),
        (make.flashcard(nextReview="soon"), "bad_timestamp"),
        (make.flashcard(lastReviewed="2026-01-02T01:00:00Z"), "future"),
        (make.deck(deckId="d2"), "key_mismatch"),
        (make.plan(planId="p2"), "key_mismatch"),
        (make.plan(tasksTotal=-1), "out_of_range"),
        (make.post(postId="p9"), "key_mismatch"),
        (make.post(subjectId="another"), "key_mismatch"),
        (make.post(PK="TOPIC#limits", topicId="integrals"), "key_mismatch"),
        (make.settings(userId="u2"), "key_mismatch"),
        (make.comment(created="2026-01-03T00:00:00Z"), "future"),
        (make.comment(SK="COMMENT#yesterday#c1"), "bad_key"),
        (make.profile(PK="USER#"), "bad_key"),
        (make.daily(SK="DAILY#2025-02-30"), "bad_key"),
        (make.attempt(SK="PROGRESS#t1"), "bad_key"),
        (make.reputation(reputation="many"), "wrong_type"),
    ],
)
def test_an_invalid_item_of_another_kind_is_quarantined(item: make.Item, reason: str) -> None:
    found = verdict(item)
    assert found is not None
    assert found[1] == reason


@pytest.mark.parametrize(
    "item",
    [
        make.attempt(startTime="2025-12-20T09:30:00-06:00"),
        make.attempt(at="2025-12-20T15:30:00", endTime="2025-12-20T15:30:00.000Z"),
        make.attempt(endTime="2026-01-02T00:05:00Z"),
        make.attempt(answers=None, topicPerformance=None, difficultyBreakdown=None, attemptId=None),
        make.attempt(percentageScore=100, userId="u1"),
        make.daily(on="2026-01-02"),
        make.settings(notifications={}, privacy={}),
        {"PK": "USER#u1", "SK": "SETTINGS"},
        make.flashcard(lastReviewed=None, nextReview=None, deckId=None),
        make.post(subjectName=None),
        make.post(subjectId=" SUBJECT101"),
        make.post(PK="TOPIC#limits", topicId="limits", subjectId="another"),
        make.reputation(reputationHistory=None, badges=None, subjectRanks=None),
    ],
)
def test_an_unusual_but_valid_item_is_taken(item: make.Item) -> None:
    assert verdict(item) is None


@pytest.mark.parametrize("seconds", [-1, 14_401, Decimal("14400.000001")])
def test_an_impossible_answer_time_is_lost_and_the_answer_kept(seconds: Decimal) -> None:
    answer = {"questionId": "q1", "correct": True, "timeSpent": seconds}
    fine = {"questionId": "q2", "correct": True, "timeSpent": 5}
    result, tables = decode(
        make.attempt(answers=[fine, answer]), make.attempt("u2", answers=[fine])
    )
    assert result.drift == {("attempt", "answers[].timeSpent"): 1}
    _, kept = tables["core_attempts"][0]["answers"]
    assert kept["seconds"] is None
    assert kept["is_correct"] is True


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"Item":{}}',
        b'{"Item":{"PK":{"S":"USER#u1"}},"More":1}',
        b'{"Item":' + b"[" * 100_000,
        b'{"Item":{"PK":{"S":"USER#u1"},"SK":{"S":"SETTINGS"},"privacy":' + b'{"M":{"a":' * 100_000,
        b'{"Item":{"PK":{"S":"USER#\xff"},"SK":{"S":"PROFILE"}}}',
        b'{"Keys":{"PK":{"S":"USER#u1"},"SK":{"S":"PROFILE"}}}',
    ],
    ids=range(9),
)
def test_a_broken_line_is_quarantined_and_the_reader_lives(line: bytes) -> None:
    result, tables = decode(line, make.profile())
    assert [(r.line_number, r.reason, r.entity) for r in result.refused] == [
        (1, "invalid_json", None)
    ]
    assert len(tables["core_profiles"]) == 1


@pytest.mark.parametrize(
    ("written", "is_taken"),
    [
        ('{"WriteTimestampMicros":{"N":"1767226500123456"}}', True),
        ('{"WriteTimestampMicros":"1767226500123456"}', True),
        ('{"WriteTimestampMicros":1767226500123456}', True),
        ('{"WriteTimestampMicros":{"N":"soon"}}', False),
        ('{"WriteTimestampMicros":{"S":"1767226500123456"}}', False),
        ('{"WriteTimestampMicros":-1}', False),
        ("{}", False),
    ],
)
def test_a_change_tells_its_time_in_one_of_three_forms(written: str, is_taken: bool) -> None:
    keys = '{"PK":{"S":"USER#u1"},"SK":{"S":"PROFILE"}}'
    line = f'{{"Metadata":{written},"Keys":{keys},"NewImage":{item_text(make.profile())}}}'
    result, _ = decode(line.encode(), is_change=True)
    assert (result.accepted.total(), len(result.refused)) == (is_taken, not is_taken)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ('{"S":"u1","N":"1"}', "wrong_type"),
        ("{}", "wrong_type"),
        ('{"X":"u1"}', "wrong_type"),
        ('{"NULL":false}', "wrong_type"),
        ('"u1"', "wrong_type"),
        ('{"S":5}', "wrong_type"),
    ],
)
def test_a_value_needs_exactly_one_right_type_tag(value: str, reason: str) -> None:
    text = item_text(make.profile()).replace('"university":{"S":"UTA"}', f'"university":{value}')
    assert verdict(f'{{"Item":{text}}}'.encode()) == ("profile", reason, "university")


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "٣", "1_0", " 3", "0x10", "", "1e400", "+-1"]
)
def test_a_count_that_is_no_number_is_quarantined(number: str) -> None:
    text = item_text(make.daily()).replace('"testsCompleted":{"N":"3"}', "@")
    line = text.replace("@", f'"testsCompleted":{{"N":{json.dumps(number)}}}')
    found = verdict(f'{{"Item":{line}}}'.encode())
    assert found is not None
    assert found[1] in ("wrong_type", "out_of_range")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "٣"])
def test_an_answer_time_that_is_no_number_quarantines_the_attempt(number: str) -> None:
    text = item_text(make.attempt()).replace(
        '"timeSpent":{"N":"45"}', f'"timeSpent":{{"N":"{number}"}}'
    )
    found = verdict(f'{{"Item":{text}}}'.encode())
    assert found is not None
    assert found[1] in ("wrong_type", "out_of_range")


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("1E+2", "100"),
        ("-0", "0"),
        ("1.50", "1.5"),
        ("1" + "0" * 17, "1" + "0" * 17),
        ("5E-20", "5E-20"),
    ],
)
def test_numbers_are_exact_in_every_notation(text: str, exact: str) -> None:
    line = item_text(make.attempt()).replace('"score":{"N":"85.5"}', f'"score":{{"N":"{text}"}}')
    _, tables = decode(f'{{"Item":{line}}}'.encode())
    assert tables["core_attempts"][0]["score"] == Decimal(exact)


@pytest.mark.parametrize("text", ["1E+100", "1E-30", "123456789012345678901"])
def test_a_number_that_the_lake_cannot_hold_exactly_is_out_of_range(text: str) -> None:
    line = item_text(make.attempt()).replace('"score":{"N":"85.5"}', f'"score":{{"N":"{text}"}}')
    assert verdict(f'{{"Item":{line}}}'.encode()) == ("attempt", "out_of_range", "score")


def test_unknown_attributes_are_tolerated_and_counted_with_their_paths() -> None:
    answer = {"questionId": "q1", "correct": True, "hint": "x"}
    result, tables = decode(make.attempt(proctor="none", answers=[answer, answer]), make.attempt())
    assert result.drift == {("attempt", "proctor"): 1, ("attempt", "answers[].hint"): 1}
    assert len(tables["core_attempts"]) == 2


def test_items_of_no_known_kind_are_unrecognised_and_kept() -> None:
    lines = [
        {"PK": "USER#u1", "SK": "AVATAR"},
        {"pk": "1", "sk": "2"},
        {"PK": "USER", "SK": "PROFILE"},
    ]
    result, tables = decode(*lines, {"PK": "USER#u1", "SK": "QUIZ#1"}, {"PK": 5, "SK": "PROFILE"})
    assert len(result.unrecognised) == 5
    assert not tables


def test_text_survives_with_separators_emoji_and_escapes() -> None:
    name = "line\u2028next\u0085 \U0001f600"
    text = item_text(make.profile(name="@")).replace('"@"', json.dumps(name))
    _, tables = decode(f'{{"Item":{text}}}'.encode())
    assert tables["core_identities"][0]["name"] == name


def test_an_empty_text_is_not_a_missing_one() -> None:
    _, tables = decode(make.profile(university="", timezone=None))
    assert (tables["core_profiles"][0]["university"], tables["core_profiles"][0]["timezone"]) == (
        "",
        None,
    )


def test_a_guess_from_a_nested_sort_key_never_misleads() -> None:
    trap = b'{"Item":{"meta":{"M":{"SK":{"S":"DAILY#2025-01-01"}}},"PK":{"S":"USER#u1"},"SK":{"S":"SETTINGS"}}}'
    result, tables = decode(trap)
    assert result.accepted == {"settings": 1}
    assert result.drift == {("settings", "meta"): 1}
    assert list(tables) == ["core_settings"]
