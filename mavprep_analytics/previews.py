"""What the data team sees of a built table beside its row count: a few rows, and how its main value is spread.

Only columns that name nobody are shown, for what shows them keeps them for as long as it likes.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.erased_users import person_columns
from mavprep_analytics.tables import Pii, Table

ROWS = 8
_BINS, _BAR = 10, 40
_SPREAD = {
    "topic_mastery": "mastery",
    "subject_mastery": "mastery",
    "difficulty_mastery": "mastery",
    "topic_recall": "recall",
    "question_statistics": "facility",
}
"""The column, a share of 0 to 1, whose spread says whether a night looks as usual."""


def public_columns(table: Table) -> list[str]:
    """Return the plain columns whose values neither name nor stand for a person."""
    people = person_columns(table)
    return [
        column.name
        for column in table.columns
        if column.pii is Pii.NONE
        and column.name not in people
        and not pa.types.is_nested(column.type.arrow)
    ]


def first_rows(table: Table, paths: Sequence[Path]) -> str:
    """Return the first rows of the public columns as a Markdown table; empty: there are none."""
    columns = public_columns(table)
    with pq.ParquetFile(paths[0]) as file:
        batch = next(file.iter_batches(ROWS, columns=columns), None)
    if batch is None or not columns:
        return ""
    frame = pd.DataFrame({name: batch.column(name).to_pylist() for name in columns}, dtype=object)
    shown = frame.where(frame.notna(), "")
    return str(shown.to_markdown(index=False, disable_numparse=True))  # every digit as it stands


def spread(table: Table, paths: Sequence[Path]) -> str:
    """Return ten bars of the table's main value as a Markdown code block; empty: it has none."""
    name = _SPREAD.get(table.name)
    if name is None:
        return ""
    values = pa.chunked_array(
        [c for p in paths for c in pq.read_table(p, columns=[name])[name].chunks]
    )
    shares = pc.drop_null(values).cast(pa.float64()).to_numpy()
    counts, edges = np.histogram(shares, _BINS, (0, 1))
    bars = [
        f"{low:.1f}-{low + 1 / _BINS:.1f} {'█' * round(_BAR * count / max(counts.max(), 1)):<{_BAR}} {count:,}"
        for low, count in zip(edges, counts, strict=False)
    ]
    return "\n".join([f"{table.name}.{name} of {len(shares):,} rows", "```", *bars, "```"])
