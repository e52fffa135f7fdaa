"""Turns rows into CSV text that a spreadsheet cannot be tricked with. RFC 4180: CRLF, quotes where needed.

A text cell that begins like a formula gets a leading apostrophe (OWASP, CSV injection); numbers stay numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

_FORMULA = tuple("=+-@\t\r\n\0\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                 "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
_QUOTED = re.compile('[",\r\n]')
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9._-]+")

BYTE_ORDER_MARK = "\ufeff"
"""Makes spreadsheets read the file as UTF-8."""


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield one CSV line per row, line end included."""
    for row in rows:
        yield ",".join(map(_cell, row)) + "\r\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | float | date | datetime):
        return str(value)
    text = str(value)
    if text.lstrip(" ").startswith(_FORMULA):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def file_name(page: str, as_of: date, filters: Iterable[str]) -> str:
    """Return an ASCII file name with the page, its filters and the numbers' date."""
    parts = (page, *filters, f"as-of-{as_of.isoformat()}")
    safe = (_UNSAFE_NAME.sub("-", part).strip("-.")[:40] for part in parts)
    return "_".join(part for part in safe if part) + ".csv"
