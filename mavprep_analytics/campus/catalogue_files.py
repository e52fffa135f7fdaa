"""A catalogue as a folder of CSV files, one per table, that Postgres can COPY.

Here: table order and writing. Loading them is `load_catalogue`.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

Row: TypeAlias = Mapping[str, object]
CATALOGUE_TABLES = (
    "subjects",
    "topics",
    "questions",
    "question_options",
    "test_templates",
    "test_questions",
    "video_lessons",
)
"""Every catalogue table, parents first."""


def write_catalogue(folder: Path, rows: Mapping[str, Iterable[Row]]) -> dict[str, int]:
    """Write `<folder>/<table>.csv` for every table and return the rows of each.

    Null is an empty unquoted field, as COPY's CSV format reads it; booleans are true and false.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {table: _write_table(folder / f"{table}.csv", rows[table]) for table in CATALOGUE_TABLES}


def _write_table(path: Path, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for count, row in enumerate(rows, start=1):
            if count == 1:
                writer.writerow(row)
            writer.writerow([_field(value) for value in row.values()])
    return count


def _field(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
