"""Cursors of keyset pages: where a page ends, as text in a link.

A cursor grants nothing: filters and scope apply to every page anyway.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mavprep_analytics.dashboard.faults import BadParameter

PAGE_ROWS = 50
_LONGEST = 2000


@dataclass(frozen=True)
class Cursor:
    """The last row of a page.

    Args:
        publication: sequence of the publication that the page showed.
        key: the row's values in the order of the page; numbers or texts.
    """

    publication: int
    key: tuple[int | str, ...]

    def encode(self) -> str:
        """Return the cursor as text that needs no quoting in a URL."""
        raw = json.dumps(
            [self.publication, *self.key], separators=(",", ":"), ensure_ascii=False
        ).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(value: str, shape: Sequence[type]) -> Cursor:
    """Read a cursor back.

    Args:
        value: from the URL.
        shape: the types of the key's values.

    Raises:
        BadParameter: it was not made by `encode` for a key of this shape.
    """
    try:
        values = _json(value)
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        values = None
    wanted = [int, *shape]
    if (
        not isinstance(values, list)
        or len(values) != len(wanted)
        or not all(_fits(v, kind) for v, kind in zip(values, wanted, strict=True))
    ):
        raise BadParameter("The link to this page is damaged. Start from the first page.")
    return Cursor(values[0], tuple(values[1:]))


def _json(value: str) -> Any:
    if len(value) > _LONGEST or not value.isascii():
        raise ValueError
    return json.loads(
        base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    )


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and -(2**31) <= value < 2**31
    return type(value) is str and "\0" not in value and value.isprintable()
