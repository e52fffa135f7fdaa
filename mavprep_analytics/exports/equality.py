"""Which rows of two tables are equal: nested lists too, null equal to null, by the column. No I/O."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def rows_equal(one: pa.Table, other: pa.Table) -> Any:
    """Return of every row whether it is equal in both tables, which have one schema and as many rows."""
    is_equal = np.ones(len(one), np.bool_)
    for left, right in zip(one.columns, other.columns, strict=True):
        is_equal &= _equal(left.combine_chunks(), right.combine_chunks())
    return is_equal


def _equal(one: Any, other: Any) -> Any:
    if pa.types.is_struct(one.type):
        parts = [
            _equal(one.field(place), other.field(place)) for place in range(one.type.num_fields)
        ]
        return np.logical_and.reduce(parts)
    if pa.types.is_list(one.type):
        return _equal_lists(one, other)
    are_null = pc.and_(pc.is_null(one), pc.is_null(other))
    return pc.or_(pc.equal(one, other).fill_null(False), are_null).to_numpy(zero_copy_only=False)


def _equal_lists(one: Any, other: Any) -> Any:
    is_equal = _equal(pc.list_value_length(one), pc.list_value_length(other))
    rows = pa.array(np.flatnonzero(is_equal))
    one, other = one.take(rows), other.take(rows)
    differ = ~_equal(one.flatten(), other.flatten())
    parents = pc.list_parent_indices(one).to_numpy()
    is_equal[rows.to_numpy()[parents[differ]]] = False
    return is_equal
