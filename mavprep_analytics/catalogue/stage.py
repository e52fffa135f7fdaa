"""Stages the catalogue of Postgres into the lake: one snapshot, one commit, unchanged tables left alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from mavprep_analytics.catalogue.snapshot import read_catalogue
from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import Lake, Version

SHRINK_LIMIT = 0.2
_SOURCE = "postgres"
_NEVER_EMPTIED = ("catalogue_subjects", "catalogue_topics", "catalogue_questions")


class CatalogueShrunk(DataRefused):
    """The catalogue is empty or much smaller than the one staged before."""


@dataclass(frozen=True)
class Staged:
    """What staging did.

    Args:
        version: lake version that holds the catalogue now.
        rows: rows per catalogue table.
        changed: the tables that were written.
    """

    version: int
    rows: Mapping[str, int]
    changed: tuple[str, ...]

    @property
    def unchanged(self) -> bool:
        """Whether the lake held this very catalogue already, so that nothing was written."""
        return not self.changed


def stage(database_url: str, lake: Lake, *, shrink_limit: float = SHRINK_LIMIT) -> Staged:
    """Write `catalogue_*` and `topic_closure` to the lake, in one commit.

    Args:
        database_url: `postgresql://…` of the catalogue.
        lake: where to.
        shrink_limit: refuse a table that lost this share of its rows since it was staged. A person who
            wants the smaller catalogue runs once with 1, which accepts any loss but that of all rows.

    Raises:
        CatalogueShrunk: nothing is loaded, all subjects, topics or questions are gone, or a table lost too much.
        Misconfigured: tables or columns are missing, or the connection is refused.
        Temporary: the server cannot be reached.
        Overtaken: another run staged at the same time.
    """
    base = lake.head()
    tables = read_catalogue(database_url)
    refuse_shrunk({name: table.num_rows for name, table in tables.items()}, base, shrink_limit)
    digests = {name: content_digest(table) for name, table in tables.items()}
    changed = tuple(name for name in tables if _staged_digest(base, name) != digests[name])
    entries = {
        name: lake.write(
            name, tables[name].schema, tables[name].to_batches(), {_SOURCE: digests[name]}
        )
        for name in changed
    }
    version = lake.commit(entries, base=base) if entries else base
    return Staged(version.number, {n: t.num_rows for n, t in tables.items()}, changed)


def refuse_shrunk(rows: Mapping[str, int], base: Version, limit: float) -> None:
    """Raise CatalogueShrunk, naming each table that lost all rows or more than the limit; or if nothing is loaded.

    Args:
        rows: rows per table now.
        base: the lake version that holds the tables as staged before.
        limit: share of the rows, 0 to 1; a table that lost exactly this share is refused.
    """
    empty = [name for name in _NEVER_EMPTIED if not rows[name]]
    emptied = [name for name in empty if name in base.tables and base.tables[name].rows]
    if emptied or len(empty) == len(_NEVER_EMPTIED):
        raise CatalogueShrunk(
            f"the catalogue is empty: {', '.join(emptied or empty)} would have no rows",
            "Load the catalogue into Postgres first",
        )
    shrunk = [
        f"{name} from {base.tables[name].rows} to {count} rows"
        for name, count in rows.items()
        if name in base.tables and _lost(base.tables[name].rows, count) >= limit < 1
    ]
    if shrunk:
        raise CatalogueShrunk(
            f"the catalogue shrank: {'; '.join(shrunk)}",
            "If that is wanted, run once with MAVPREP_CATALOGUE_SHRINK_LIMIT=1",
        )


def content_digest(table: pa.Table) -> str:
    """Return a sha256 (hex) of schema and rows: equal tables in equal order have equal digests."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _lost(before: int, now: int) -> float:
    return (before - now) / before if before else 0.0


def _staged_digest(version: Version, name: str) -> str | None:
    entry = version.tables.get(name)
    return entry.inputs.get(_SOURCE) if entry else None
