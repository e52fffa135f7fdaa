"""Columns of many items of one kind at once, and the first thing wrong with each item. No I/O.

A kind asks a batch for its columns one after the other. What types cannot say is checked on whole columns;
an item that fails a check keeps the first reason, and its values in any column mean nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import UNSET

from mavprep_analytics.exports.attributes import OptionalExact, OptionalText
from mavprep_analytics.exports.columns import seconds
from mavprep_analytics.exports.explaining import explain
from mavprep_analytics.exports.routing import Invalid, Key, Placed
from mavprep_analytics.exports.texts import Spans
from mavprep_analytics.exports.times import as_mask, timestamps
from mavprep_analytics.periods import MICROS_PER_DAY, MICROS_PER_SECOND
from mavprep_analytics.tables.declaration import EXACT

Value = TypeVar("Value")
Made = TypeVar("Made")
EASTERNMOST_MICROS = 14 * 3600 * MICROS_PER_SECOND
"""How far the easternmost time zone (Line Islands) is ahead of UTC."""
NULL = b'{"NULL":true}'
_EXACT = r"^-?[0-9]{1,18}(\.[0-9]{1,20})?$"


class Batch(ABC):
    """Items of one kind, with what their keys say. Attributes are named as in the item's struct.

    Args:
        item: the struct.
        placed: what the keys say.
        horizon_micros: events later than this lie in the future.

    Attributes:
        problems: row -> the first thing wrong with it.
        notes: rows, and what in them was not taken, although the item is.
    """

    def __init__(self, item: type[Any], placed: Placed, horizon_micros: int) -> None:
        self.placed, self._horizon = placed, horizon_micros
        self.problems: dict[int, Invalid] = {}
        self.notes: list[tuple[int, str]] = []
        self._fields = {field.name: field for field in msgspec.structs.fields(item)}
        self._names = {name: field.encode_name for name, field in self._fields.items()}
        self.refuse(placed.is_bad, "bad_key")

    def __len__(self) -> int:
        return len(self.placed.buckets)

    def refuse(self, rows: Any, reason: str, attribute: str | None = None, due: Any = None) -> None:
        """Note a problem of the rows that a mask names; `due` are their horizons."""
        for row in np.flatnonzero(rows).tolist():
            problem = Invalid(reason, attribute, None if due is None else due[row].as_py())
            self.problems.setdefault(row, problem)

    @abstractmethod
    def texts(self, name: str, tag: str = "S") -> Any:
        """Return a column of the text of an attribute, null where it is absent or NULL.

        Args:
            name: the attribute.
            tag: `S` or `N`, if its type has it.
        """

    @abstractmethod
    def flag(self, path: str) -> Any:
        """Return a column of booleans."""

    @abstractmethod
    def whole(self, name: str) -> Any:
        """Return a column of integers."""

    @abstractmethod
    def floats(self, name: str) -> Any:
        """Return numbers as an array of floats."""

    @abstractmethod
    def optional(self, name: str, tag: str) -> list[Any]:
        """Return what an attribute holds that may be absent or NULL; None: it is."""

    @abstractmethod
    def raw(self, name: str) -> Spans:
        """Return the JSON text of an attribute that may be absent or NULL."""

    def part_text(self, place: int) -> Any:
        """Return one part of the keys as a column."""
        return self.placed.parts[place]

    def require_id(self, name: str, place: int) -> None:
        """Refuse items whose id attribute contradicts its part of the key."""
        is_other = pc.not_equal(self.texts(name), self.part_text(place))
        self.refuse(as_mask(is_other), "key_mismatch", self._names[name])

    def exact(self, name: str, least: int | None = None, most: int | None = None) -> Any:
        """Return a column of exact decimals; beyond the limits, or wider than the lake keeps: out of range.

        Args:
            name: the attribute, which may be absent or NULL if its type says so.
            least: the smallest value allowed.
            most: the largest one.
        """
        column = self.texts(name, "N")
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
        held = self.floats(name)
        self.refuse(~((held >= 0) & (held <= longest)), "out_of_range", self._names[name])
        return seconds(pa.array(np.rint(held * MICROS_PER_SECOND).astype(np.int64)))

    def instants(self, name: str) -> Any:
        """Return a column of microseconds since 1970 UTC; null: absent or NULL."""
        micros, is_bad = timestamps(self.texts(name))
        self.refuse(is_bad, "bad_timestamp", self._names[name])
        return micros

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


class ItemBatch(Batch):
    """Decoded items.

    Args:
        items: at least one item struct.
        keys: their keys.
        horizon_micros: events later than this lie in the future.
    """

    def __init__(self, items: Sequence[Any], keys: Sequence[Key], horizon_micros: int) -> None:
        self._items = items
        super().__init__(type(items[0]), Placed.of(keys), horizon_micros)

    def texts(self, name: str, tag: str = "S") -> Any:
        """See Batch."""
        is_optional = self._fields[name].type in (OptionalText, OptionalExact)
        held = self.optional(name, tag) if is_optional else self.values(f"{name}.{tag}")
        return pa.array(held, pa.string())

    def flag(self, path: str) -> Any:
        """See Batch."""
        return pa.array(self.values(f"{path}.BOOL"), pa.bool_())

    def whole(self, name: str) -> Any:
        """See Batch."""
        return pa.array(self.values(f"{name}.N"), pa.int64())

    def floats(self, name: str) -> Any:
        """See Batch."""
        return np.array(self.values(f"{name}.N"), np.float64)

    def optional(self, name: str, tag: str) -> list[Any]:
        """See Batch."""
        held, nulls = self.values(f"{name}.{tag}"), self.values(f"{name}.NULL")
        if held.count(None) + nulls.count(None) != len(held) or None in held:
            is_odd = [(h is None) == (n is None) for h, n in zip(held, nulls, strict=True)]
            self.refuse(is_odd, "wrong_type", self._names[name])
        return held

    def raw(self, name: str) -> Spans:
        """See Batch."""
        held = [b"" if value is UNSET else memoryview(value) for value in self.values(name)]
        return Spans.of(None if text in (b"", NULL) else memoryview(text) for text in held)

    def values(self, path: str) -> list[Any]:
        """Return what stands at a path such as `score.N` in every item."""
        return list(map(attrgetter(path), self._items))


def _limit(number: int) -> Any:
    return pa.scalar(Decimal(number), EXACT.arrow)
