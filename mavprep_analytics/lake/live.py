"""Reading a table with changes: the rows that count now, without those that a later change replaced."""

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

KEY = "user_id"


def write_live(
    files: Sequence[Path],
    changes: Sequence[tuple[Path, Path]],
    target: Path,
    only: Path | None = None,
) -> None:
    """Write the rows of a table that count into one file, which appears whole or not at all.

    Args:
        files: of the table before its changes.
        changes: rows and keys of each, in order.
        target: the file to write.
        only: a file of keys; rows of others are left out.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with _opened() as connection:
        _views(connection, files, changes, only)
        parts = [_part(place, only) for place in range(len(changes) + 1)]
        connection.execute(
            f"copy ({' union all '.join(parts)}) to '{_quoted(temporary)}'"
            " (format parquet, compression zstd, compression_level 1)"
        )
    temporary.replace(target)


def count_rows(files: Sequence[Path], changes: Sequence[tuple[Path, Path]], only: Path) -> int:
    """Return how many rows that count have one of the keys."""
    with _opened() as connection:
        _views(connection, files, changes, only)
        parts = [_part(place, only) for place in range(len(changes) + 1)]
        counts = [f"(select count(*) from ({part}))" for part in parts]
        row = connection.execute(f"select {' + '.join(counts)}").fetchone()
    return int(row[0]) if row else 0


def _opened() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB"})
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    return connection


def _views(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    changes: Sequence[tuple[Path, Path]],
    only: Path | None,
) -> None:
    """Name the parts `part_0` …, and `last` the part that holds the rows of each replaced key."""
    parts = [files, *([rows] for rows, _ in changes)]
    for place, paths in enumerate(parts):
        connection.read_parquet([str(path) for path in paths]).create_view(f"part_{place}")
    keys = [
        f"select {KEY}, {place} as part from read_parquet('{_quoted(path)}')"
        for place, (_, path) in enumerate(changes, start=1)
    ] or [f"select null::varchar as {KEY}, 0 as part where false"]
    replaced = " union all ".join(keys)
    connection.execute(
        f"create table last as select {KEY}, max(part) as part from ({replaced}) group by {KEY}"
    )
    if only is not None:
        connection.read_parquet(str(only)).create_view("wanted")


def _part(place: int, only: Path | None) -> str:
    later = f"{KEY} not in (select {KEY} from last where part > {place})"
    wanted = f" and {KEY} in (select {KEY} from wanted)" if only is not None else ""
    return f"select * from part_{place} where {later}{wanted}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
