"""The nested lists of attempts: their answers, and their scores by topic."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import UNSET, Struct

from mavprep_analytics.exports.attributes import (
    NO_NUMBER,
    NO_TEXT,
    Count,
    Flag,
    Ignored,
    List,
    Map,
    OptionalExact,
    OptionalText,
    Text,
    value,
)
from mavprep_analytics.exports.columns import positions, seconds
from mavprep_analytics.exports.forms import Form, Parsed
from mavprep_analytics.exports.nesting import NestedLists, Row
from mavprep_analytics.exports.patterns import Hole
from mavprep_analytics.exports.routing import Invalid
from mavprep_analytics.exports.times import as_mask
from mavprep_analytics.tables import core
from mavprep_analytics.tables.declaration import SECONDS

LONGEST_ANSWER_SECONDS = 14_400
_LONGEST_FIRST_ROW = 1024
_SPENT = r"^[0-9]{1,8}(\.[0-9]{1,6})?$"
_COUNT = r"^(0|[1-9][0-9]{0,17})$"
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,20})?")


class Answer(Struct, forbid_unknown_fields=True, rename="camel"):
    """One answer of an attempt."""

    question_id: Text
    correct: Flag
    selected_option: OptionalText = NO_TEXT
    time_spent: OptionalExact = NO_NUMBER


class Score(Struct, forbid_unknown_fields=True, rename="camel", frozen=True):
    """Right answers out of all, of a topic or a difficulty level."""

    correct: Count
    total: Count
    percentage: Ignored = UNSET


Answers = List[Map[Answer]]
Scores = Map[dict[str, Map[Score]]]
_answers: Any = msgspec.json.Decoder(Answers, strict=False)
_scores: Any = msgspec.json.Decoder(Scores, strict=False)

_NAMES = re.compile(rb'"(questionId|selectedOption|correct|timeSpent|total|percentage)":\{"[SNB]')
_ANSWER = {
    b"questionId": (b'"questionId":{"S":"', Hole("question"), b'"}'),
    b"selectedOption": (b'"selectedOption":{"S":"', Hole("option"), b'"}'),
    b"correct": (b'"correct":{"BOOL":', Hole("correct", is_flag=True), b"}"),
    b"timeSpent": (b'"timeSpent":{"N":"', Hole("spent"), b'"}'),
}
_SCORE = {
    name.encode(): (f'"{name}":{{"N":"'.encode(), Hole(name), b'"}')
    for name in ("correct", "total", "percentage")
}


def _names(text: memoryview, end: bytes) -> tuple[bytes, ...]:
    """Return the attributes of the first row, in order."""
    start = bytes(text[:_LONGEST_FIRST_ROW])
    return tuple(_NAMES.findall(start, 0, start.find(end)))


@lru_cache(maxsize=64)
def _answers_form(names: tuple[bytes, ...]) -> Form | None:
    if len({*names}) < len(names) or not {b"questionId", b"correct"} <= {*names} <= {*_ANSWER}:
        return None
    row = [b'{"M":{', *_members(_ANSWER, names), b"}}"]
    return Form.of(b'{"L":[', row, b"]}")


@lru_cache(maxsize=64)
def _scores_form(names: tuple[bytes, ...]) -> Form | None:
    if len({*names}) < len(names) or not {b"correct", b"total"} <= {*names} <= {*_SCORE}:
        return None
    row = [b'"', Hole("topic"), b'":{"M":{', *_members(_SCORE, names), b"}}"]
    return Form.of(b'{"M":{', row, b"}}")


def _members(
    known: Mapping[bytes, Sequence[bytes | Hole]], names: tuple[bytes, ...]
) -> list[bytes | Hole]:
    return [part for name in names for part in (b",", *known[name])][1:]


def _answer_columns(parsed: Parsed) -> tuple[list[Any], Any]:
    count = int(parsed.lengths.sum())
    spent: Any = pa.array([None] * count, SECONDS.arrow)
    is_odd = np.zeros(count, np.bool_)
    if "spent" in parsed.holes:
        spent, is_odd = _spent(parsed.holes["spent"])
    option = parsed.holes.get("option", pa.nulls(count, pa.string()))
    place = pa.array(positions(parsed.lengths))
    return [place, parsed.holes["question"], option, parsed.holes["correct"], spent], is_odd


def _spent(texts: Any) -> tuple[Any, Any]:
    """Return answer times, null outside 0 to 14,400 s, and which are no plain numbers."""
    if _are_digits(texts, 8):
        whole = texts.cast(pa.int64())
        micros = pc.multiply(whole, 1_000_000)
        within = pc.if_else(pc.less_equal(whole, pa.scalar(LONGEST_ANSWER_SECONDS)), micros, None)
        return seconds(within), np.zeros(len(texts), np.bool_)
    exact, is_odd = _plain(texts, _SPENT, SECONDS.arrow)
    longest = pa.scalar(Decimal(LONGEST_ANSWER_SECONDS), SECONDS.arrow)
    return pc.if_else(pc.less_equal(exact, longest), exact, None), is_odd


def _plain(texts: Any, pattern: str, data_type: Any) -> tuple[Any, Any]:
    """Return the texts that a pattern allows as numbers, the others as null; and which these are."""
    fits: Any = pc.match_substring_regex(texts, pattern)
    return pc.if_else(fits, texts, None).cast(data_type), as_mask(pc.invert(fits))


def _are_digits(texts: Any, most: int) -> bool:
    """Return whether all texts are 1 to `most` digits and nothing else."""
    if not len(texts):
        return True
    lengths = pc.binary_length(texts)
    limits: Any = pc.min_max(lengths)
    if limits["min"].as_py() < 1 or limits["max"].as_py() > most:
        return False
    codes = np.frombuffer(texts.buffers()[2], np.uint8, pc.sum(lengths).as_py())
    return bool(((codes >= ord("0")) & (codes <= ord("9"))).all())


def _answer_rows(text: memoryview) -> list[Row]:
    return [
        (
            place,
            answer.M.question_id.S,
            value(answer.M.selected_option, "S"),
            answer.M.correct.BOOL,
            _seconds(value(answer.M.time_spent, "N")),
        )
        for place, answer in enumerate(_answers.decode(text).L, 1)
    ]


def _seconds(text: str | None) -> Decimal | None:
    """Return the time to the microsecond; None: absent, or outside what an answer can take."""
    if text is None:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise Invalid("out_of_range", "answers[].timeSpent")
    exact = Decimal(text)
    return round(exact, 6) if 0 <= exact <= LONGEST_ANSWER_SECONDS else None


def _score_columns(parsed: Parsed) -> tuple[list[Any], Any]:
    """Return the rows of each list in order of their topics; a topic twice in a list is odd."""
    of_list, topics = pa.array(parsed.of_list), parsed.holes["topic"]
    order = pc.sort_indices(
        pa.table({"list": of_list, "topic": topics}),
        [("list", "ascending"), ("topic", "ascending")],
    )
    of_list, topics = of_list.take(order), topics.take(order)
    is_twice = pc.and_(pc.equal(of_list[1:], of_list[:-1]), pc.equal(topics[1:], topics[:-1]))
    is_odd = np.zeros(len(order), np.bool_)
    is_odd[order.to_numpy()[1:][as_mask(is_twice)]] = True
    columns = [topics]
    for name in ("correct", "total"):
        numbers, is_no_count = _plain(parsed.holes[name], _COUNT, pa.int64())
        columns.append(numbers.take(order))
        is_odd |= is_no_count
    return columns, is_odd


def _score_rows(text: memoryview) -> list[Row]:
    scores = _scores.decode(text).M
    return sorted((topic, score.M.correct.N, score.M.total.N) for topic, score in scores.items())


_TYPES = core.core_attempts.arrow_schema
ANSWERS = NestedLists(
    _TYPES.field("answers").type,
    "answers",
    lambda text: _answers_form(_names(text, b"}}")),
    _answer_columns,
    _answer_rows,
)
SCORES = NestedLists(
    _TYPES.field("topic_performance").type,
    "topicPerformance",
    lambda text: _scores_form(_names(text, b"}}}")),
    _score_columns,
    _score_rows,
)
