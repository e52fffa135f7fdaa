"""DynamoDB's typed attributes as msgspec types: exactly one, right tag per value.

A tag struct forbids unknown fields, which makes the decoder itself enforce the tag. Item structs forbid
unknown attributes too, until `readers` has learned them. An attribute that may be absent has a default that
reads as None, so that a column of it is one path such as `end_time.S`; that it has one tag, not two or none,
is checked by the column (`batches`). Numbers are decoded from their text.
"""

from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, UnsetType

T = TypeVar("T")
_BIGGEST = 1 << 62
_Null = Literal[True] | None


class Text(Struct, forbid_unknown_fields=True, frozen=True):
    """{"S": "…"}."""

    S: str


class Flag(Struct, forbid_unknown_fields=True, frozen=True):
    """{"BOOL": true}."""

    BOOL: bool


class Count(Struct, forbid_unknown_fields=True, frozen=True):
    """{"N": "12"}: an integer of 0 or more."""

    N: Annotated[int, Meta(ge=0, le=_BIGGEST)]


class Whole(Struct, forbid_unknown_fields=True, frozen=True):
    """{"N": "-12"}: an integer."""

    N: Annotated[int, Meta(ge=-_BIGGEST, le=_BIGGEST)]


class Exact(Struct, forbid_unknown_fields=True, frozen=True):
    """{"N": "12.5"}: a decimal as text; what the lake can keep of it, the column checks."""

    N: str


class Seconds(Struct, forbid_unknown_fields=True, frozen=True):
    """{"N": "45.5"}: a duration; read to the microsecond."""

    N: Annotated[float, Meta(ge=-1e9, le=1e9)]


class Map(Struct, Generic[T], forbid_unknown_fields=True, frozen=True):
    """{"M": {…}}."""

    M: T


class List(Struct, Generic[T], forbid_unknown_fields=True, frozen=True):
    """{"L": […]}."""

    L: list[T]


class OptionalText(Struct, forbid_unknown_fields=True, frozen=True):
    """{"S": "…"} or {"NULL": true}."""

    S: str | None = None
    NULL: _Null = None


class OptionalCount(Struct, forbid_unknown_fields=True, frozen=True):
    """{"N": "12"} or {"NULL": true}."""

    N: Annotated[int, Meta(ge=0, le=_BIGGEST)] | None = None
    NULL: _Null = None


class OptionalExact(Struct, forbid_unknown_fields=True, frozen=True):
    """{"N": "12.5"} or {"NULL": true}."""

    N: str | None = None
    NULL: _Null = None


class OptionalMap(Struct, Generic[T], forbid_unknown_fields=True, frozen=True):
    """{"M": {…}} or {"NULL": true}."""

    M: T | None = None
    NULL: _Null = None


class OptionalList(Struct, Generic[T], forbid_unknown_fields=True, frozen=True):
    """{"L": […]} or {"NULL": true}."""

    L: list[T] | None = None
    NULL: _Null = None


NO_TEXT = OptionalText(NULL=True)
NO_COUNT = OptionalCount(NULL=True)
NO_NUMBER = OptionalExact(NULL=True)
NO_MAP: Any = OptionalMap(NULL=True)
NO_LIST: Any = OptionalList(NULL=True)
NO_ID: Any = OptionalText()
"""An id attribute that is absent: the key says it."""
NOT_SET = Flag(BOOL=False)

Ignored = msgspec.Raw | UnsetType
"""An attribute that is known and of no use here: skipped, and no drift."""


def value(attribute: OptionalText | OptionalExact, tag: str) -> str | None:
    """Return what an attribute holds under its tag; None: it is absent or NULL.

    Raises:
        ValueError: it has both tags, or none.
    """
    held: str | None = getattr(attribute, tag)
    if (held is None) == (attribute.NULL is None):
        raise ValueError("two type tags, or none")
    return held
