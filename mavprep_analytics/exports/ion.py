"""Lines of an ION export as lines of a DYNAMODB_JSON export, so that one decoder reads both. No I/O.

AWS documents the item lines of full exports only; of changes two forms are in use, with and without a
`Record` around them, and both are read.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from amazon.ion import simpleion
from amazon.ion.exceptions import IonException
from amazon.ion.simple_types import IonPyNull

_SETS = {"$dynamodb_SS": "SS", "$dynamodb_NS": "NS", "$dynamodb_BS": "BS"}
_INVALID = b""
_FAILURES = (IonException, ValueError, TypeError, AttributeError, RecursionError, ArithmeticError)


def json_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each line as DynamoDB JSON; a line that is no ION record becomes an empty, invalid one."""
    for line in lines:
        try:
            yield msgspec.json.encode(_record(simpleion.loads(line.decode())))
        except _FAILURES:
            yield _INVALID


def _record(document: Any) -> dict[str, Any]:
    content = document.get("Record", document)
    record = {name: _members(content[name]) for name in content if name != "Metadata"}
    if "Metadata" in content:
        written = content["Metadata"]["WriteTimestampMicros"]
        plain = written["N"] if isinstance(written, Mapping) else written
        record["Metadata"] = {"WriteTimestampMicros": {"N": str(int(plain))}}
    return record


def _members(struct: Any) -> dict[str, Any]:
    return {str(name): _value(held) for name, held in struct.items()}


def _value(held: Any) -> dict[str, Any]:
    if held is None or isinstance(held, IonPyNull):
        return {"NULL": True}
    kind = held.ion_type.name if hasattr(held, "ion_type") else type(held).__name__.upper()
    if kind in ("LIST", "SEXP") or isinstance(held, list):
        return _list(held)
    if kind == "STRUCT" or isinstance(held, Mapping):
        return {"M": _members(held)}
    return _scalar(kind, held)


def _scalar(kind: str, held: Any) -> dict[str, Any]:
    if kind in ("STRING", "STR"):
        return {"S": str(held)}
    if kind == "BOOL":
        return {"BOOL": bool(held)}
    if kind in ("DECIMAL", "INT"):
        return {"N": f"{Decimal(held):f}"}
    if kind in ("BLOB", "BYTES"):
        return {"B": b64encode(bytes(held)).decode()}
    raise TypeError(f"ION {kind} is no DynamoDB type")


def _list(held: Any) -> dict[str, Any]:
    entries = [_value(entry) for entry in held]
    names = [annotation.text for annotation in getattr(held, "ion_annotations", ())]
    if not names:
        return {"L": entries}
    return {_SETS[names[0]]: [inner for entry in entries for inner in entry.values()]}
