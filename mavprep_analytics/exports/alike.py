"""Columns of items of one shape, which are read together; see `shapes`. No I/O."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from mavprep_analytics.exports.attributes import Ignored
from mavprep_analytics.exports.batches import NULL, Batch
from mavprep_analytics.exports.routing import Placed
from mavprep_analytics.exports.texts import Spans
from mavprep_analytics.exports.times import as_mask

_WHOLE = r"^(0|[1-9][0-9]{0,17})$"
_FLOAT = r"^[0-9]{1,9}(\.[0-9]{1,9})?$"


class AlikeBatch(Batch):
    """Items of one shape; whatever is unusual about one is a problem, so that it is read alone.

    Args:
        item: the kind's struct.
        placed: what the keys say.
        columns: by attribute, its texts or flags.
        raws: by attribute, its JSON text.
        horizon_micros: events later than this lie in the future.
    """

    def __init__(
        self,
        item: type[Any],
        placed: Placed,
        columns: Mapping[str, Any],
        raws: Mapping[str, Spans],
        horizon_micros: int,
    ) -> None:
        self._columns, self._raws = columns, raws
        super().__init__(item, placed, horizon_micros)
        for name in raws:
            if self._fields[name].type == Ignored:
                self._decoded(name, msgspec.Raw)

    def texts(self, name: str, tag: str = "S") -> Any:  # noqa: ARG002 - a shape's attribute has one tag
        """See Batch."""
        return self._columns.get(name, pa.nulls(len(self), pa.string()))

    def flag(self, path: str) -> Any:
        """See Batch."""
        return self._columns[path]

    def whole(self, name: str) -> Any:
        """See Batch."""
        return self._numbers(name, _WHOLE, pa.int64())

    def floats(self, name: str) -> Any:
        """See Batch."""
        return self._numbers(name, _FLOAT, pa.float64()).to_numpy(zero_copy_only=False)

    def _numbers(self, name: str, pattern: str, data_type: Any) -> Any:
        column = self._columns[name]
        fits = pc.match_substring_regex(column, pattern)
        self.refuse(as_mask(pc.invert(fits)), "wrong_type", self._names[name])
        return pc.if_else(fits, column, "0").cast(data_type)

    def optional(self, name: str, tag: str) -> list[Any]:
        """See Batch."""
        if name not in self._raws:
            return [None] * len(self)
        found = self._decoded(name, self._fields[name].type)
        return [None if value is None else getattr(value, tag) for value in found]

    def _decoded(self, name: str, data_type: Any) -> list[Any]:
        spans = self._raws[name]
        decode = msgspec.json.Decoder(data_type, strict=False).decode
        return self.each(decode, spans.pieces, self._names[name])

    def raw(self, name: str) -> Spans:
        """See Batch."""
        spans = self._raws.get(name)
        if spans is None:
            return Spans.of([None] * len(self))
        is_null = (spans.ends - spans.starts == len(NULL)) & spans.text.stands(NULL, spans.starts)
        return spans.only(~is_null) if is_null.any() else spans
