"""From Python rows to Arrow columns, exactly: decimals from text, durations from microseconds, nested rows."""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np
import pyarrow as pa

from mavprep_analytics.tables.declaration import EXACT, SECONDS


def column(data_type: Any, values: Sequence[Any]) -> Any:
    """Return the values as an Arrow array.

    Exact decimals are given as text, durations as microseconds, nested rows as lists of tuples.
    """
    if data_type == EXACT.arrow:
        return pa.array(values, pa.string()).cast(data_type)
    if data_type == SECONDS.arrow:
        return _seconds(values)
    if pa.types.is_list(data_type) and pa.types.is_struct(data_type.value_type):
        return _nested(data_type, values)
    return pa.array(values, data_type)


def _seconds(values: Sequence[int | None]) -> Any:
    """Write microseconds as the unscaled 16-byte integers of a decimal with six decimals."""
    whole = pa.array(values, pa.int64())
    low = whole.fill_null(0).to_numpy(zero_copy_only=False)
    words = np.empty((len(low), 2), np.int64)
    words[:, 0], words[:, 1] = low, low >> 63
    return pa.Array.from_buffers(
        SECONDS.arrow,
        len(low),
        [whole.buffers()[0], pa.py_buffer(words.tobytes())],
        whole.null_count,
    )


def _nested(data_type: Any, lists: Sequence[list[tuple[Any, ...]] | None]) -> Any:
    flat = list(chain.from_iterable(entries for entries in lists if entries))
    fields = list(data_type.value_type)
    parts = zip(*flat, strict=True) if flat else ([] for _ in fields)
    arrays = [column(field.type, part) for field, part in zip(fields, parts, strict=True)]
    return list_of_rows(data_type, lists, arrays)


def list_of_rows(
    data_type: Any, lists: Sequence[Sequence[Any] | None], arrays: "list[pa.Array[Any]]"
) -> Any:
    """Return a list column over flat columns; the lists only give the lengths, None a null."""
    structs = pa.StructArray.from_arrays(arrays, fields=list(data_type.value_type))
    offsets = pa.array([0, *accumulate(len(entries or ()) for entries in lists)], pa.int32())
    missing = pa.array([entries is None for entries in lists], pa.bool_())
    return pa.ListArray.from_arrays(offsets, structs, type=data_type, mask=missing)


def positions(lists: Sequence[Sequence[Any] | None]) -> Any:
    """Return 1, 2, 3 … for every list, one after the other."""
    lengths = np.fromiter((len(entries or ()) for entries in lists), np.int64, len(lists))
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return pa.array(np.arange(1, lengths.sum() + 1) - starts)
