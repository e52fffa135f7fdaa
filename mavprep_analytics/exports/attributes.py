"""DynamoDB's typed attributes as msgspec types: exactly one, right tag per value.

A tag struct forbids unknown fields, which makes the decoder itself enforce the tag. Item structs forbid
unknown attributes too; `tolerant` gives their twin that does not, for items that have some. Numbers are
decoded from their text. What an optional attribute holds is read with `value`.
"""

from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, UnsetType

T = TypeVar("T")
_BIGGEST = 1 << 62


class Text(Struct, forbid_unknown_fields=True):
    """{"S": "…"}."""

    S: str


class Flag(Struct, forbid_unknown_fields=True):
    """{"BOOL": true}."""

    BOOL: bool


class Count(Struct, forbid_unknown_fields=True):
    """{"N": "12"}: an integer of 0 or more."""

    N: Annotated[int, Meta(ge=0, le=_BIGGEST)]


class Whole(Struct, forbid_unknown_fields=True):
    """{"N": "-12"}: an integer."""

    N: Annotated[int, Meta(ge=-_BIGGEST, le=_BIGGEST)]


class Exact(Struct, forbid_unknown_fields=True):
    """{"N": "12.5"}: a decimal as text; wider or finer ones than the lake keeps are out of range."""

    N: Annotated[str, Meta(pattern=r"^-?[0-9]{1,18}(?:\.[0-9]{1,20})?$")]


class Seconds(Struct, forbid_unknown_fields=True):
    """{"N": "45.5"}: a duration; read to the microsecond."""

    N: Annotated[float, Meta(ge=-1e9, le=1e9)]


class Map(Struct, Generic[T], forbid_unknown_fields=True):
    """{"M": {…}}."""

    M: T


class List(Struct, Generic[T], forbid_unknown_fields=True):
    """{"L": […]}."""

    L: list[T]


class OptionalText(Struct, forbid_unknown_fields=True):
    """{"S": "…"} or {"NULL": true}, but not both: see `value`."""

    S: str | None = None
    NULL: Literal[True] | None = None


Ignored = msgspec.Raw | UnsetType
"""An attribute that is known and of no use here: skipped, and no drift."""


def value(attribute: OptionalText | UnsetType) -> str | None:
    """Return the text of an attribute that may be absent or NULL.

    Raises:
        ValueError: it has both tags, or none.
    """
    if isinstance(attribute, UnsetType):
        return None
    if (attribute.S is None) == (attribute.NULL is None):
        raise ValueError("two type tags, or none")
    return attribute.S
