"""Reading a table with changes: the rows that count now, without those that a later change replaced."""

import os
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    import duckdb

KEY = "user_id"
Changes = Sequence[tuple[Path, Path]]
"""Rows and keys of each change, in order."""


def write_live(
    files: Sequence[Path],
    changes: Changes,
    target: Path,
    only: Path | None = None,
    without: Collection[str] = (),
) -> None:
    """Write the rows of a table that count into one file, which appears whole or not at all.

    Args:
        files: of the table before its changes.
        changes: of the table.
        target: the file to write.
        only: a file of values of some columns; rows with others are left out.
        without: columns that are left out.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with opened() as connection:
        rows = _live(connection, files, changes, only)
        kept = ", ".join(name for name in rows.columns if name not in without)
        rows.project(kept).write_parquet(str(temporary), compression="zstd")
    temporary.replace(target)


def count_rows(files: Sequence[Path], changes: Changes, only: Path) -> int:
    """Return how many rows that count have one of the values."""
    with opened() as connection:
        _live(connection, files, changes, only).create_view("live")
        ((rows,),) = connection.sql("select count(*) from live").fetchall()
    return int(rows)


def opened() -> "duckdb.DuckDBPyConnection":
    """Return an own connection to the process's database in memory for the lake's bookkeeping.

    What is made on it must be temporary, so that it is seen on it alone and goes with it.
    """
    connection = _database(os.getpid()).cursor()
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    return connection


@cache
def _database(_process: int) -> "duckdb.DuckDBPyConnection":
    """Return a database: opening one takes longer than most questions that a night asks."""
    import duckdb  # noqa: PLC0415 - takes 0.2 s and 30 MB, which readers of exports need not pay

    return duckdb.connect(
        ":memory:", config={"threads": 2, "memory_limit": "1GB", "preserve_insertion_order": False}
    )


def _live(
    connection: "duckdb.DuckDBPyConnection",
    files: Sequence[Path],
    changes: Changes,
    only: Path | None,
) -> "duckdb.DuckDBPyRelation":
    some = files if only is None else _holding(connection, files, only)
    parts = _numbered(connection, [some, *([rows] for rows, _ in changes)], 0)
    if changes:
        by = _columns(changes[-1][1])
        keys = _numbered(connection, [[keys] for _, keys in changes], 1)
        replaced = keys.aggregate(f"{by}, max(part) as last", by)
        parts = parts.join(replaced, by, "left").filter("coalesce(part >= last, true)")
        parts = parts.project("* exclude (last)")
    live = parts.project("* exclude (part)")
    return live if only is None else live.join(_wanted(connection, only), _columns(only), "semi")


def _holding(
    connection: "duckdb.DuckDBPyConnection", files: Sequence[Path], only: Path
) -> Sequence[Path]:
    """Return the files with rows of the values, at least one: most hold none of a night's attempts.

    Reads these columns alone. Of students it is not asked, for they have rows in most files.
    """
    columns = _columns(only)
    if columns == KEY:
        return files
    rows = connection.read_parquet([str(path) for path in files], filename=True)
    held = rows.join(_wanted(connection, only), columns, "semi").project("filename").distinct()
    names = {name for (name,) in held.fetchall()}
    return [path for path in files if str(path) in names] or files[:1]


def _wanted(connection: "duckdb.DuckDBPyConnection", only: Path) -> "duckdb.DuckDBPyRelation":
    return connection.read_parquet(str(only))


def _columns(only: Path) -> str:
    return ", ".join(pq.read_schema(only).names)


def _numbered(
    connection: "duckdb.DuckDBPyConnection", parts: Sequence[Sequence[Path]], first: int
) -> "duckdb.DuckDBPyRelation":
    """Return the rows of several parts with the number of their part."""
    relations = [
        connection.read_parquet([str(path) for path in paths]).project(f"*, {number} as part")
        for number, paths in enumerate(parts, start=first)
    ]
    whole = relations[0]
    for relation in relations[1:]:
        whole = whole.union(relation)
    return whole
