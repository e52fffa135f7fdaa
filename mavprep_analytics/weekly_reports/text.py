"""Makes text that people wrote safe for one line of a mail or a header: no controls, bounded length."""

import unicodedata
from functools import lru_cache

LONGEST = 64
_INVISIBLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


@lru_cache(16_384)
def one_line(text: str, longest: int = LONGEST) -> str:
    """Return the text without control and direction characters, spaces collapsed, cut with an ellipsis.

    A cut never separates a letter from its combining marks.
    """
    if text.isascii() and text.isprintable():
        clean = " ".join(text.split())
    else:
        kept = (" " if _is_control(c) else c for c in text if c not in _DIRECTIONS)
        clean = " ".join("".join(kept).split())
    if len(clean) <= longest:
        return clean
    end = longest - 1
    while end and (unicodedata.combining(clean[end]) or clean[end] == "\u200d"):
        end -= 1
    return clean[:end].rstrip() + "…"


def first_name(name: str | None) -> str:
    """Return the first word of a full name for a greeting; empty when there is none."""
    words = one_line(name or "", 200).split(" ", 1)
    return one_line(words[0], 40)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE
