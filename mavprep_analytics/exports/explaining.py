"""Why a typed decoder refused an item, in our reason codes and attribute paths. No I/O."""

import re

from mavprep_analytics.exports.routing import Invalid

_TAGS = frozenset(("S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"))
_PATH = re.compile(r" - at `(?:key in )?\$?([^`]*)`")
_FIELD = re.compile(r"missing required field `([^`]*)`")


def explain(error: Exception, attribute: str = "") -> Invalid:
    """Return the reason code and path of a typed decoder's refusal of an item, or of one attribute."""
    if isinstance(error, Invalid):
        return error
    message = str(error)
    place = _PATH.search(message)
    path = [attribute, *re.split(r"[.]|(?=\[)", place[1] if place else "")]
    missing = _FIELD.search(message)
    if missing and missing[1] not in _TAGS:
        return Invalid("missing_attribute", _named([*path, missing[1]]))
    reason = "wrong_type"
    if "out of range" in message or "matching regex" in message or re.search(r"[<>]=", message):
        reason = "out_of_range"
    return Invalid(reason, _named(path))


def _named(parts: list[str]) -> str | None:
    kept = [p for p in parts if p and p not in _TAGS and p not in ("Item", "NewImage")]
    return re.sub(r"\[[^\]]*\]", "[]", ".".join(kept)).replace(".[", "[") or None
