"""Every value that DynamoDB can hold comes back equal from JSON and from Ion."""

import base64
import json
from collections.abc import Callable
from decimal import Decimal, Inexact
from typing import Any

import amazon.ion.simpleion as ion
import pytest
from amazon.ion.core import IonType
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mavprep_analytics.campus.dynamodb_json import RawJson, item_text, value_text
from mavprep_analytics.campus.ion_text import ion_text, struct_text

numbers = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=6
) | st.integers(-(10**37), 10**37)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = texts | numbers | st.booleans() | st.none() | st.binary(max_size=8)
sets = (
    st.sets(texts, min_size=1, max_size=4)
    | st.sets(st.integers(0, 99), min_size=1, max_size=4)
    | st.sets(st.binary(max_size=4), min_size=1, max_size=4)
)
values = st.recursive(
    scalars | sets,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
items = st.dictionaries(texts, values, min_size=1, max_size=6)


def from_json(typed: dict[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    readers: dict[str, Callable[[Any], Any]] = {
        "S": str,
        "N": Decimal,
        "BOOL": bool,
        "NULL": lambda _: None,
        "B": base64.b64decode,
        "SS": set,
        "NS": lambda members: {Decimal(member) for member in members},
        "BS": lambda members: {base64.b64decode(member) for member in members},
        "L": lambda members: [from_json(member) for member in members],
        "M": lambda members: {name: from_json(member) for name, member in members.items()},
    }
    return readers[kind](value)


def from_ion(value: Any) -> Any:
    if value.ion_type is IonType.NULL:
        return None
    if value.ion_type is IonType.STRUCT:
        return {name: from_ion(member) for name, member in value.items()}
    if value.ion_type is IonType.LIST:
        members = [from_ion(member) for member in value]
        return set(members) if value.ion_annotations else members
    readers: dict[IonType, Callable[[Any], Any]] = {
        IonType.STRING: str,
        IonType.BOOL: bool,
        IonType.DECIMAL: Decimal,
        IonType.BLOB: bytes,
    }
    return readers[value.ion_type](value)


@settings(max_examples=50)
@given(items, st.integers(0, 50))
def test_every_item_comes_back_equal_from_json(item: dict[str, Any], turn: int) -> None:
    assert from_json({"M": json.loads(item_text(item, turn))}) == item


@settings(max_examples=50)
@given(items)
@example({"A\n": None, "$1": None, "nan": None})
def test_every_item_comes_back_equal_from_ion(item: dict[str, Any]) -> None:
    assert from_ion(ion.loads(f"$ion_1_0 {struct_text(item)}")) == item


@pytest.mark.parametrize(
    ("number", "in_json", "in_ion"),
    [
        (7, "7", "7."),
        (Decimal("87.50"), "87.5", "87.5"),
        (1250, "1250", "1.25d3"),
        (Decimal("1E+2"), "100", "1d2"),
        (Decimal("-0.001"), "-0.001", "-0.001"),
        (0, "0", "0."),
    ],
)
def test_numbers_have_the_forms_that_aws_writes(number: Decimal, in_json: str, in_ion: str) -> None:
    assert value_text(number) == f'{{"N":"{in_json}"}}'
    assert ion_text(number) == in_ion


@pytest.mark.parametrize("value", [1.5, set(), {1, "a"}, object(), {True}])
def test_what_dynamodb_cannot_hold_is_refused(value: object) -> None:
    for encode in (value_text, ion_text):
        with pytest.raises(TypeError):
            encode(value)


def test_a_number_of_more_than_38_digits_is_refused() -> None:
    with pytest.raises(Inexact):
        value_text(Decimal("1." + "1" * 38))


def test_prepared_text_is_copied_and_has_no_ion_form() -> None:
    assert value_text([RawJson('{"S":"x"}')]) == '{"L":[{"S":"x"}]}'
    with pytest.raises(TypeError):
        ion_text(RawJson('{"S":"x"}'))
