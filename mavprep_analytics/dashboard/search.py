"""Finds students by the beginning of an id or of the words of a shown name, within what the viewer may see."""

import re

from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.visit import Visit

_WORD = re.compile(r"[^\W_]+")
_LIKE_SPECIAL = re.compile(r"([\\%_])")


def found_students(visit: Visit, text: str, rows: int) -> list[Row]:
    """Return at most so many students that a text begins or names.

    Analysts search by id only: finding by a name would tell it.
    """
    visit.read.row("prefer_indexes")
    return visit.read.rows(
        "find_students",
        id_pattern=id_pattern(text),
        name_query=name_query(text),
        **visit.row_filter(visit.university()),
        rows=rows,
    )


def id_pattern(text: str) -> str:
    """Return the LIKE pattern of values that begin with exactly this text."""
    return _LIKE_SPECIAL.sub(r"\\\1", text) + "%"


def name_query(text: str) -> str | None:
    """Return the text-search query for names with a word that begins with each word of the text; None: no words."""
    words = _WORD.findall(text)
    return " & ".join(f"{word}:*" for word in words) or None
