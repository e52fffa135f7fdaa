"""From Python rows to Arrow columns, exactly: decimals, durations, nested rows."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from mavprep_analytics.tables.declaration import SECONDS


def seconds(micros: "pa.Array[Any]") -> Any:
    """Write whole arrays of microseconds as the unscaled 16-byte integers of a decimal with six decimals."""
    low = micros.fill_null(0).to_numpy(zero_copy_only=False)
    words = np.empty((len(low), 2), np.int64)
    words[:, 0], words[:, 1] = low, low >> 63
    buffers = [micros.buffers()[0], pa.py_buffer(words.data)]
    return pa.Array.from_buffers(SECONDS.arrow, len(low), buffers, micros.null_count)


def nested(data_type: Any, lists: Sequence[Sequence[tuple[Any, ...]] | None]) -> Any:
    """Return a list column of rows, given as tuples; None is null."""
    lengths = np.array([len(entries or ()) for entries in lists], np.int64)
    is_null = np.array([entries is None for entries in lists], np.bool_)
    held = [entries for entries in lists if entries]
    return list_of_rows(data_type, lengths, is_null, flat_columns(data_type, held))


def flat_columns(data_type: Any, lists: Sequence[Sequence[tuple[Any, ...]]]) -> list[Any]:
    """Return columns over the rows of all lists."""
    fields, rows = list(data_type.value_type), list(chain.from_iterable(lists))
    parts = zip(*rows, strict=True) if rows else ([] for _ in fields)
    return [pa.array(part, field.type) for field, part in zip(fields, parts, strict=True)]


def list_of_rows(data_type: Any, lengths: Any, is_null: Any, columns: Sequence[Any]) -> Any:
    """Return a list column over flat columns."""
    structs = pa.StructArray.from_arrays(list(columns), fields=list(data_type.value_type))
    offsets = pa.array(np.concatenate(([0], np.cumsum(lengths))), pa.int32())
    mask = pa.array(is_null) if is_null.any() else None
    return pa.ListArray.from_arrays(offsets, structs, type=data_type, mask=mask)


def positions(lengths: Any) -> Any:
    """Return 1, 2, 3 … for every list, one after the other."""
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.arange(1, len(starts) + 1) - starts
