"""Topic names as the keys that attempts use."""

import re

_SEPARATORS = re.compile(r"[^0-9a-z]+")


def slug(name: str) -> str:
    """Return the name in lower case with every run of other characters as one hyphen."""
    return _SEPARATORS.sub("-", name.lower()).strip("-")
