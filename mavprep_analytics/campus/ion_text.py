"""Plain Python values as Amazon Ion text, the `ION` output format of an export.

Forms follow the files that DynamoDB writes: numbers are decimals (`7.`, `87.5`, `1.25d3`), sets are
annotated lists, binary values are blobs. Not here: DynamoDB JSON (`dynamodb_json`).
"""

import base64
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from mavprep_analytics.campus.dynamodb_json import TYPE_HINT, normal_number, set_kind

_IDENTIFIER = re.compile(r"(?!\$\d+\Z)[A-Za-z_$][A-Za-z0-9_$]*")
_KEYWORDS = {"null", "true", "false", "nan"}


def struct_text(item: Mapping[str, object]) -> str:
    """Return a mapping as an Ion struct; names that are no identifiers are quoted."""
    return "{" + ",".join(f"{_name(name)}:{ion_text(value)}" for name, value in item.items()) + "}"


def ion_text(value: object) -> str:
    """Return one value as Ion text.

    Raises:
        TypeError: the value is of no type that DynamoDB has.
    """
    encode = _ENCODERS.get(type(value))
    if encode is None:
        raise TypeError(f"{type(value).__name__} is no DynamoDB type: {TYPE_HINT}")
    return encode(value)


def decimal_text(number: int | Decimal) -> str:
    """Return a number as an Ion decimal, never as an Ion int or float."""
    text = str(normal_number(Decimal(number))).replace("E+", "d").replace("E", "d")
    return text if "." in text or "d" in text else f"{text}."


def _name(name: str) -> str:
    if _IDENTIFIER.fullmatch(name) and name not in _KEYWORDS:
        return name
    return "'" + encode_basestring(name)[1:-1].replace("'", "\\'") + "'"


def _set_text(value: object) -> str:
    assert isinstance(value, set | frozenset)
    return f"$dynamodb_{set_kind(value)}::[{','.join(sorted(map(ion_text, value)))}]"


_ENCODERS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: decimal_text,
    Decimal: decimal_text,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    list: lambda value: f"[{','.join(map(ion_text, value))}]",
    dict: struct_text,
    set: _set_text,
    frozenset: _set_text,
    bytes: lambda value: "{{" + base64.b64encode(value).decode() + "}}",
}
