"""Columns of many items of one kind at once, and the first thing wrong with each item. No I/O.

A kind asks a batch for its columns one after the other. What types cannot say is checked on whole columns;
an item that fails a check keeps the first reason, and its values in any column mean nothing.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import UNSET

from mavprep_analytics.exports.columns import seconds
from mavprep_analytics.exports.explaining import explain
from mavprep_analytics.exports.routing import Invalid, Key, Placed
from mavprep_analytics.exports.times import as_mask, timestamps
from mavprep_analytics.periods import MICROS_PER_DAY, MICROS_PER_SECOND
from mavprep_analytics.tables.declaration import EXACT

Value = TypeVar("Value")
Made = TypeVar("Made")
EASTERNMOST_MICROS = 14 * 3600 * MICROS_PER_SECOND
"""How far the easternmost time zone (Line Islands) is ahead of UTC."""
_NULL = b'{"NULL":true}'
_EXACT = r"^-?[0-9]{1,18}(\.[0-9]{1,20})?$"


class Batch:
    """Decoded items of one kind, with their keys.

    Args:
        items: the item structs.
        keys: their keys.
        horizon_micros: events later than this lie in the future.

    Attributes:
        placed: what the keys say.
        problems: row -> the first thing wrong with it.
        notes: rows, and what in them was not taken, although the item is.
    """

    def __init__(self, items: Sequence[Any], keys: Sequence[Key], horizon_micros: int) -> None:
        self.items, self.keys, self._horizon = items, keys, horizon_micros
        self.placed = Placed.of(keys)
        self.problems: dict[int, Invalid] = {}
        self.notes: list[tuple[int, str]] = []
        self._names = {f.name: f.encode_name for f in msgspec.structs.fields(type(items[0]))}
        self.refuse(self.placed.is_bad, "bad_key")

    def __len__(self) -> int:
        return len(self.items)

    def refuse(self, rows: Any, reason: str, attribute: str | None = None, due: Any = None) -> None:
        """Note a problem of the rows that a mask names; `due` are their horizons."""
        for row in np.flatnonzero(rows).tolist():
            problem = Invalid(reason, attribute, None if due is None else due[row].as_py())
            self.problems.setdefault(row, problem)

    def values(self, path: str) -> list[Any]:
        """Return what stands at a path such as `score.N` in every item."""
        return list(map(attrgetter(path), self.items))

    def part(self, place: int) -> list[str]:
        """Return one part of the keys."""
        return [key.parts[place] for key in self.keys]

    def part_text(self, place: int) -> Any:
        """Return one part of the keys as a column."""
        return self.placed.parts[place]

    def require_id(self, name: str, place: int) -> None:
        """Refuse items whose id attribute contradicts its part of the key."""
        held, expected = self.values(f"{name}.S"), self.part(place)
        if held != expected:
            is_other = [h is not None and h != e for h, e in zip(held, expected, strict=True)]
            self.refuse(is_other, "key_mismatch", self._names[name])

    def optional(self, name: str, tag: str) -> list[Any]:
        """Return what an attribute holds that may be absent or NULL; None: it is."""
        held, nulls = self.values(f"{name}.{tag}"), self.values(f"{name}.NULL")
        if held.count(None) + nulls.count(None) != len(held) or None in held:
            is_odd = [(h is None) == (n is None) for h, n in zip(held, nulls, strict=True)]
            self.refuse(is_odd, "wrong_type", self._names[name])
        return held

    def raw(self, name: str) -> list[memoryview | None]:
        """Return the JSON text of an attribute that may be absent or NULL."""
        texts = [None if held is UNSET else memoryview(held) for held in self.values(name)]
        return [None if text is not None and text == _NULL else text for text in texts]

    def text(self, name: str) -> Any:
        """Return a column of text."""
        return pa.array(self.values(f"{name}.S"), pa.string())

    def optional_text(self, name: str) -> Any:
        """Return a column of text that may be absent or NULL."""
        return pa.array(self.optional(name, "S"), pa.string())

    def flag(self, path: str) -> Any:
        """Return a column of booleans."""
        return pa.array(self.values(f"{path}.BOOL"), pa.bool_())

    def whole(self, name: str) -> Any:
        """Return a column of integers."""
        return pa.array(self.values(f"{name}.N"), pa.int64())

    def exact(self, texts: Sequence[str | None], name: str, least: int | None = None,
              most: int | None = None) -> Any:  # fmt: skip
        """Return a column of exact decimals; beyond the limits, or wider than the lake keeps: out of range."""
        column: Any = pa.array(texts, pa.string())
        fits: Any = pc.match_substring_regex(column, _EXACT)
        is_odd = as_mask(pc.invert(fits))
        numbers = (pc.if_else(fits, column, None) if is_odd.any() else column).cast(EXACT.arrow)
        if least is not None:
            is_odd |= as_mask(pc.less(numbers, _limit(least)))
        if most is not None:
            is_odd |= as_mask(pc.greater(numbers, _limit(most)))
        self.refuse(is_odd, "out_of_range", self._names[name])
        return numbers

    def duration(self, name: str, longest: int) -> Any:
        """Return a column of seconds, to the microsecond."""
        held = np.array(self.values(f"{name}.N"), np.float64)
        self.refuse(~((held >= 0) & (held <= longest)), "out_of_range", self._names[name])
        return seconds(pa.array(np.rint(held * MICROS_PER_SECOND).astype(np.int64)))

    def instants(
        self, texts: Sequence[str | None], name: str, *, may_be_future: bool = True
    ) -> Any:
        """Return a column of microseconds since 1970 UTC; null: the text is None."""
        micros, is_bad = timestamps(texts)
        self.refuse(is_bad, "bad_timestamp", self._names[name])
        if not may_be_future:
            self.refuse_future(micros, self._names[name])
        return micros

    def optional_instants(self, name: str, *, may_be_future: bool = True) -> Any:
        """Return `instants` of an attribute that may be absent or NULL."""
        return self.instants(self.optional(name, "S"), name, may_be_future=may_be_future)

    def refuse_future(self, micros: Any, attribute: str) -> None:
        """Refuse events after the horizon."""
        is_later = as_mask(pc.greater(micros, pa.scalar(self._horizon)))
        if is_later.any():
            self.refuse(is_later, "future", attribute, micros)

    def refuse_future_days(self, dates: Any, attribute: str) -> None:
        """Refuse local dates that have begun nowhere on Earth by the horizon."""
        begins = pc.multiply(dates.view(pa.int32()).cast(pa.int64()), MICROS_PER_DAY)
        self.refuse_future(pc.subtract(begins, EASTERNMOST_MICROS), attribute)

    def each(
        self, make: Callable[[Value], Made], held: Sequence[Value | None], attribute: str = ""
    ) -> list[Made | None]:
        """Return what a function makes of every value that is not None; what it raises is a problem."""
        made: list[Made | None] = [None] * len(held)
        for row, inner in enumerate(held):
            if inner is not None:
                try:
                    made[row] = make(inner)
                except (Invalid, msgspec.ValidationError, ValueError) as error:
                    self.problems.setdefault(row, explain(error, attribute))
        return made


def _limit(number: int) -> Any:
    return pa.scalar(Decimal(number), EXACT.arrow)
