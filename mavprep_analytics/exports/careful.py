"""The slow, exact reading of a line that the typed decoder refused: why it is invalid, or what it says.

It takes nothing for granted: it checks the record's form, every type tag and number, brings numbers into
DynamoDB's own normal form, and then the same struct and row rules are applied again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec

from mavprep_analytics.exports.routing import Invalid, Key, route

_NUMBER = re.compile(r"[+-]?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,18}", re.ASCII)
_DIGITS = 38
_DEPTH = 34


@dataclass(frozen=True)
class Record:
    """One line of an export, with its form checked.

    Args:
        pk: partition key; None: the item has no text PK and SK.
        sk: sort key.
        keys: the keys as written.
        image: the item's attributes as written; None: a delete.
        written_micros: when a change was made; None: this is no change.
    """

    pk: str | None
    sk: str | None
    keys: Mapping[str, Any]
    image: Mapping[str, Any] | None
    written_micros: int | None = None

    @property
    def keys_sha256(self) -> str | None:
        """Hash of both keys; None: it has none."""
        return None if self.pk is None else sha256(f"{self.pk}\0{self.sk}".encode()).hexdigest()

    def key(self) -> Key | None:
        """Return what the keys say; see `route`."""
        return None if self.pk is None or self.sk is None else route(self.pk, self.sk)

    def canonical_image(self) -> dict[str, Any] | None:
        """Return the image's attributes with plain numbers; None: a delete.

        Raises:
            Invalid: key_mismatch: a change's keys are not those of its image; else see `canonical`.
        """
        if self.image is None:
            return None
        if any(self.image.get(name) != held for name, held in self.keys.items()):
            raise Invalid("key_mismatch")
        return canonical(self.image)


def read_record(line: bytes, *, is_change: bool) -> Record:
    """Read a line of a full export, or a change of an incremental one.

    Raises:
        Invalid: invalid_json: no JSON, nested too deeply, or no such record.
    """
    try:
        document = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Invalid("invalid_json") from None
    expected = {"Metadata", "Keys", "NewImage", "OldImage"} if is_change else {"Item"}
    if not isinstance(document, dict) or not expected.issuperset(document):
        raise Invalid("invalid_json")
    written = _written(document.get("Metadata")) if is_change else None
    keys = document.get("Keys" if is_change else "Item")
    if not isinstance(keys, dict) or not keys:
        raise Invalid("invalid_json")
    pk, sk = _text(keys.get("PK")), _text(keys.get("SK"))
    if pk is None or sk is None:
        pk = sk = None
    image = document.get("NewImage") if is_change else keys
    if image is not None and not isinstance(image, dict):
        raise Invalid("invalid_json")
    return Record(pk, sk, keys, image, written)


def canonical(image: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes with plain numbers.

    Raises:
        Invalid: wrong_type: a value has no, an unknown or two type tags, or does not fit its tag;
            out_of_range: a number beyond DynamoDB's range or 38 digits.
    """
    return _members(image, "", 0)


def _members(members: Mapping[str, Any], path: str, depth: int) -> dict[str, Any]:
    return {name: _value(held, _join(path, name), depth) for name, held in members.items()}


def _value(held: Any, path: str, depth: int) -> dict[str, Any]:
    if not isinstance(held, dict) or len(held) != 1 or depth > _DEPTH:
        raise Invalid("wrong_type", path)
    [(tag, inner)] = held.items()
    fits = _FORMS.get(tag)
    if fits is None or not isinstance(inner, fits) or (tag == "NULL" and inner is not True):
        raise Invalid("wrong_type", path)
    if tag == "N":
        return {"N": number(inner, path)}
    if tag == "M":
        return {"M": _members(inner, path, depth + 1)}
    if tag == "L":
        return {"L": [_value(entry, f"{path}[]", depth + 1) for entry in inner]}
    return held


_FORMS: dict[str, Any] = {
    "S": str,
    "N": str,
    "B": str,
    "BOOL": bool,
    "NULL": bool,
    "L": list,
    "M": dict,
    "SS": list,
    "NS": list,
    "BS": list,
}


def number(text: str, path: str | None = None) -> str:
    """Return a DynamoDB number in plain digits, without exponent, needless zeros or minus zero.

    Raises:
        Invalid: wrong_type: no number; out_of_range: over 38 digits, or beyond 1E-130 to 9.9E+125.
    """
    if len(text) > 400 or _NUMBER.fullmatch(text) is None:
        raise Invalid("wrong_type", path)
    exact = Decimal(text)
    digits = exact.as_tuple().digits
    significant = "".join(map(str, digits)).strip("0")
    if not significant:
        return "0"
    if len(significant) > _DIGITS or not -130 <= exact.adjusted() <= 125:
        raise Invalid("out_of_range", path)
    plain = f"{exact:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _written(held: Any) -> int:
    """Return the time of a change in microseconds: a typed number, text or a plain number."""
    if isinstance(held, dict) and set(held) == {"WriteTimestampMicros"}:
        written = held["WriteTimestampMicros"]
        if isinstance(written, dict) and set(written) == {"N"}:
            written = written["N"]
        if isinstance(written, int | str) and _DECIMAL.fullmatch(str(written)):
            return int(written)
    raise Invalid("invalid_json", "Metadata")


def _text(held: Any) -> str | None:
    if isinstance(held, dict) and len(held) == 1 and isinstance(held.get("S"), str):
        return str(held["S"])
    return None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
