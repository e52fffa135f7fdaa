"""The answers of an attempt: by far the most numerous values of an export, so read without an object each.

A list of answers is one piece of text in a very regular form. A pattern takes it apart when every answer
has the same attributes in the same order, with nothing between them and no escapes; any other list goes to
the typed decoder, which accepts it or says what is wrong. Both give the same columns.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Annotated, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import UNSET, Meta, Struct, UnsetType

from mavprep_analytics.exports.attributes import Flag, List, Map, OptionalText, Text, value
from mavprep_analytics.exports.columns import list_of_rows, positions
from mavprep_analytics.tables.declaration import SECONDS

LONGEST_ANSWER_SECONDS = 14_400

Columns = tuple[list[Any], list[Any], list[Any], list[Any]]
"""Question, option or None, b"true" or b"false", seconds as text or None; of one attempt, in its order."""


class Spent(Struct, forbid_unknown_fields=True):
    """{"N": "45.5"} or {"NULL": true}: a duration as text."""

    N: Annotated[str, Meta(pattern=r"^-?[0-9]{1,18}(?:\.[0-9]{1,20})?$")] | None = None
    NULL: bool | None = None


class Answer(Struct, forbid_unknown_fields=True, rename="camel"):
    """One answer of an attempt."""

    question_id: Text
    correct: Flag
    selected_option: OptionalText | UnsetType = UNSET
    time_spent: Spent | UnsetType = UNSET


Answers = Annotated[msgspec.Raw, Meta(extra={"holds": List[Map[Answer]]})]
"""The attribute as text, taken apart by `read_answers`."""

_typed = msgspec.json.Decoder(List[Map[Answer]])
_FORMS = {
    b"questionId": rb'"questionId":\{"S":"(?P<question>[^"\\]*)"\}',
    b"selectedOption": rb'"selectedOption":\{"S":"(?P<option>[^"\\]*)"\}',
    b"correct": rb'"correct":\{"BOOL":(?P<correct>true|false)\}',
    b"timeSpent": rb'"timeSpent":\{"N":"(?P<spent>[0-9]{1,8}(?:\.[0-9]{1,6})?)"\}',
}
_NAMES = re.compile(rb'"(questionId|selectedOption|correct|timeSpent)":')


def read_answers(raw: bytes) -> Columns:
    """Return the columns of `{"L":[…]}`.

    Raises:
        msgspec.ValidationError: an answer is not as declared.
        ValueError: a value has two type tags, or none.
    """
    end = raw.find(b"}}")
    pattern, places = _pattern(tuple(_NAMES.findall(raw, 0, end)))
    if pattern is not None:
        parts = pattern.split(raw)
        between = parts[::5]
        if (
            between[0] == b'{"L":['
            and between[-1] == b"]}"
            and between.count(b",") == len(between) - 2
        ):
            return tuple(parts[place::5] for place in places)  # type: ignore[return-value]
    return _slowly(raw)


@lru_cache(maxsize=64)
def _pattern(names: tuple[bytes, ...]) -> tuple[re.Pattern[bytes] | None, tuple[int, ...]]:
    """Return the pattern of an answer whose attributes come in this order, and where its values stand."""
    if sorted(names) != sorted(_FORMS):
        return None, ()
    pattern = re.compile(rb'\{"M":\{' + b",".join(_FORMS[name] for name in names) + rb"\}\}")
    groups = pattern.groupindex
    return pattern, tuple(groups[name] for name in ("question", "option", "correct", "spent"))


def _slowly(raw: bytes) -> Columns:
    answers = [answer.M for answer in _typed.decode(raw).L]
    return (
        [answer.question_id.S.encode() for answer in answers],
        [
            None if (o := value(answer.selected_option)) is None else o.encode()
            for answer in answers
        ],
        [b"true" if answer.correct.BOOL else b"false" for answer in answers],
        [_spent(answer.time_spent) for answer in answers],
    )


def _spent(spent: Spent | UnsetType) -> bytes | None:
    """Return the time to the microsecond; None: absent, or outside what an answer can take."""
    if isinstance(spent, UnsetType):
        return None
    if (spent.N is None) == (spent.NULL is not True):
        raise ValueError("two type tags, or none")
    if spent.N is None or not 0 <= (seconds := float(spent.N)) <= LONGEST_ANSWER_SECONDS:
        return None
    return f"{seconds:.6f}".encode()


def answers_column(data_type: Any, attempts: Sequence[Columns | None]) -> Any:
    """Return the nested answers; times outside 0 to 14,400 s are lost, their answers are kept."""
    held = [columns for columns in attempts if columns is not None]
    question, option, correct, spent = (
        list(chain.from_iterable(columns[place] for columns in held)) for place in range(4)
    )
    lists = [None if columns is None else columns[0] for columns in attempts]
    arrays: list[Any] = [
        positions(lists),
        pa.array(question, pa.string()),
        pa.array(option, pa.string()),
        pc.equal(pa.array(correct, pa.binary()), pa.scalar(b"true")),
        _within_reach(pa.array(spent, pa.string()).cast(SECONDS.arrow)),
    ]
    return list_of_rows(data_type, lists, arrays)


def _within_reach(seconds: Any) -> Any:
    longest = pa.scalar(Decimal(LONGEST_ANSWER_SECONDS), SECONDS.arrow)
    return pc.if_else(pc.less_equal(seconds, longest), seconds, pa.scalar(None, SECONDS.arrow))
