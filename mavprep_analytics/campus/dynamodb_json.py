"""Plain Python values as DynamoDB JSON text, the `DYNAMODB_JSON` output format of an export.

Here: one value or item to text. Not here: lines, files and manifests (`export_writer`), ION (`ion_text`).
"""

import base64
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

TYPE_HINT = "use str, int, Decimal, bool, None, bytes, list, dict or set"
_EXACT = Context(prec=38, traps=[Inexact])


class RawJson(str):
    """Text that is DynamoDB JSON already, e.g. `{"L":[…]}`; copied as it is."""

    __slots__ = ()


def normal_number(number: Decimal) -> Decimal:
    """Return the number without trailing zeros, as DynamoDB stores it.

    Raises:
        decimal.Inexact: it has more than the 38 significant digits that DynamoDB keeps.
    """
    return number.normalize(_EXACT)


def number_text(number: int | Decimal) -> str:
    """Return a number in the plain digits of DynamoDB JSON, e.g. `84.5`, `100`."""
    return str(number) if isinstance(number, int) else format(normal_number(number), "f")


def item_text(item: Mapping[str, object], turn: int = 0) -> str:
    """Return an item as `{"PK":{"S":…},…}`.

    Args:
        item: attribute name to plain value.
        turn: 0 keeps the attributes' order; any other number rotates it (odd ones reverse it too),
            because a real export keeps no order either.
    """
    return "{" + ",".join(_members(item, turn)) + "}"


def value_text(value: object) -> str:
    """Return one value with its type key, e.g. `{"N":"7"}`.

    Raises:
        TypeError: the value is of no type that DynamoDB has (a float, say).
    """
    encode = _ENCODERS.get(type(value))
    if encode is None:
        raise TypeError(f"{type(value).__name__} is no DynamoDB type: {TYPE_HINT}")
    return encode(value)


def set_kind(members: set[object] | frozenset[object]) -> str:
    """Return `SS`, `NS` or `BS` for a set.

    Raises:
        TypeError: the set is empty or mixed, which DynamoDB refuses.
    """
    kinds = {_SET_KINDS.get(type(member), "") for member in members}
    if len(kinds) != 1 or "" in kinds:
        raise TypeError("a set must hold strings, numbers or bytes, of one kind and at least one")
    return kinds.pop()


def _members(item: Mapping[str, object], turn: int = 0) -> list[str]:
    members = [f"{_name(name)}:{value_text(value)}" for name, value in item.items()]
    if not turn:
        return members
    start = turn % (len(members) or 1)
    turned = members[start:] + members[:start]
    return turned[::-1] if turn % 2 else turned


@lru_cache(maxsize=4096)
def _name(name: str) -> str:
    return encode_basestring(name)


def _set_text(value: object) -> str:
    assert isinstance(value, set | frozenset)
    kind = set_kind(value)
    return f'{{"{kind}":[{",".join(sorted(_SET_MEMBERS[kind](member) for member in value))}]}}'


def _base64(value: object) -> str:
    assert isinstance(value, bytes)
    return f'"{base64.b64encode(value).decode()}"'


_SET_KINDS: dict[type, str] = {str: "SS", int: "NS", Decimal: "NS", bytes: "BS"}
_SET_MEMBERS: dict[str, Callable[[Any], str]] = {
    "SS": lambda value: encode_basestring(str(value)),
    "NS": lambda value: f'"{number_text(value)}"',
    "BS": _base64,
}
_ENCODERS: dict[type, Callable[[Any], str]] = {
    str: lambda value: f'{{"S":{encode_basestring(value)}}}',
    int: lambda value: f'{{"N":"{value}"}}',
    bool: lambda value: '{"BOOL":true}' if value else '{"BOOL":false}',
    type(None): lambda _: '{"NULL":true}',
    Decimal: lambda value: f'{{"N":"{number_text(value)}"}}',
    list: lambda value: f'{{"L":[{",".join(map(value_text, value))}]}}',
    dict: lambda value: f'{{"M":{{{",".join(_members(value))}}}}}',
    set: _set_text,
    frozenset: _set_text,
    bytes: lambda value: f'{{"B":{_base64(value)}}}',
    RawJson: str,
}
