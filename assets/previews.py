"""Previews in the UI: a few rows and a spread of each mart, without any column that stands for a person."""

from typing import Any

import dagster as dg

from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.previews import first_rows, spread
from mavprep_analytics.tables import TABLES, Layer


def preview_metadata(name: str, entry: TableEntry, lake: Lake) -> dict[str, Any]:
    """Return the previews of a mart that was just built."""
    table = TABLES[name]
    if table.layer is not Layer.MART or not entry.rows:
        return {}
    paths = lake.local_files(entry)
    told = {"first_rows": first_rows(table, paths), "spread": spread(table, paths)}
    return {label: dg.MetadataValue.md(text) for label, text in told.items() if text}
