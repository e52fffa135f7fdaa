"""Attributes that no schema knows: found, reported with their paths, and taken out. No I/O."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from mavprep_analytics.exports.attributes import List, Map, OptionalList, OptionalMap


def pruned(
    members: Mapping[str, Any], item: Any, found: set[str], path: str = ""
) -> dict[str, Any]:
    """Return the attributes that an item's struct knows and that are not NULL.

    The paths of those that it does not know are added to `found`.
    """
    known = {field.encode_name: field.type for field in msgspec.structs.fields(item)}
    kept = {}
    for name, held in members.items():
        place = f"{path}.{name}" if path else name
        if name not in known:
            found.add(place)
        elif "NULL" not in held:
            kept[name] = _inside(held, known[name], found, place)
    return kept


def _inside(held: Mapping[str, Any], expected: Any, found: set[str], path: str) -> dict[str, Any]:
    """Return a typed value without unknown attributes; one of another type than expected stays as it is."""
    origin, arguments = get_origin(expected), get_args(expected)
    if origin is Annotated:
        extra = arguments[1].extra or {}
        return _inside(held, extra.get("holds"), found, path)
    if origin is UnionType or origin is Union:
        for argument in arguments:
            held = _inside(held, argument, found, path)
    elif origin in (Map, OptionalMap) and "M" in held:
        return {"M": _map(held["M"], arguments[0], found, path)}
    elif origin in (List, OptionalList) and "L" in held:
        return {"L": [_inside(entry, arguments[0], found, f"{path}[]") for entry in held["L"]]}
    return dict(held)


def _map(members: Mapping[str, Any], item: Any, found: set[str], path: str) -> dict[str, Any]:
    if get_origin(item) is dict:
        kind = get_args(item)[1]
        return {
            name: _inside(held, kind, found, f"{path}[]")
            for name, held in members.items()
            if "NULL" not in held
        }
    return pruned(members, item, found, path)
