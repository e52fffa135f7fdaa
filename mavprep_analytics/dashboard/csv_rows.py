"""Turns rows into CSV text that a spreadsheet cannot be tricked with. RFC 4180: CRLF, quotes where needed.

A text cell that begins like a formula gets a leading apostrophe (OWASP, CSV injection); numbers stay numbers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_FORMULA = tuple("=+-@\t\r\n\0\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                 "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
_QUOTED = re.compile('[",\r\n]')
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*")
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9._-]+")

BYTE_ORDER_MARK = "\ufeff"
"""Makes spreadsheets read the file as UTF-8."""


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield one CSV line per row, line end included."""
    for row in rows:
        yield ",".join(map(_cell, row)) + "\r\n"


def _cell(value: object) -> str:
    written = _WRITTEN.get(type(value))
    return _text(str(value)) if written is None else written(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    if text.lstrip(" ").startswith(_FORMULA):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


_WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    Decimal: lambda value: format(value, "f"),
    **dict.fromkeys((int, float, date, datetime), str),
}


def file_name(page: str, as_of: date, filters: Iterable[str]) -> str:
    """Return an ASCII file name with the page, its filters and the numbers' date."""
    parts = (page, *filters, f"as-of-{as_of.isoformat()}")
    safe = (_UNSAFE_NAME.sub("-", part).strip("-.")[:40] for part in parts)
    return "_".join(part for part in safe if part) + ".csv"
