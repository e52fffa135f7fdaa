"""Publishes a lake version into Postgres: one transaction, fenced, touching only rows that differ.

The order within the transaction: take the fence, refuse a stale run, make each published table equal to
its lake table, update the counts of the questions, note the rank tasks, note the publication.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Any

import pyarrow.parquet as pq
from psycopg import Error

from mavprep_analytics.dashboard.release_store import release_aggregates
from mavprep_analytics.erased_users import NOBODY, ErasedUsers
from mavprep_analytics.errors import DataRefused, Temporary
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.postgres import Connection, explained, place, session, statement
from mavprep_analytics.publication import ledger, rank_tasks
from mavprep_analytics.publication.erasure import read_erased
from mavprep_analytics.publication.ledger import Edition, Publication
from mavprep_analytics.publication.migrations import require_current
from mavprep_analytics.publication.staging import Source, copy_in
from mavprep_analytics.publication.upsert import TableChange, count_rows, replace_rows
from mavprep_analytics.tables import TABLES, Layer, Table
from mavprep_analytics.tables.core import core_reputations
from mavprep_analytics.tables.questions import question_counts
from mavprep_analytics.tables.rankings import rankings

_ATTEMPTS = 5
_LOST_OR_DEADLOCKED = ("08", "40", "57")
_QUERY_CANCELED = "57014"
_WORTH_COMPARING = 20_000
"""Fewer rows are loaded whole: that is as quick."""


def published_tables() -> list[Table]:
    """Return the declared tables that become `analytics_<name>`."""
    return [t for t in TABLES.values() if t.published and t.layer is not Layer.LEDGER]


@dataclass(frozen=True)
class Published:
    """What a publication did.

    Args:
        sequence: of the publication; of the one that stands, when nothing was new.
        as_of: the date whose numbers are published.
        unchanged: whether these very inputs were published already, so that nothing was written.
        tables: per table what changed: the published ones, `question_counts` (into `questions`), and
            `core_reputations` (the rank tasks).
    """

    sequence: int
    as_of: date
    unchanged: bool
    tables: Mapping[str, TableChange]

    @property
    def changed_rows(self) -> int:
        """Rows inserted, updated or deleted in all published tables, the rank tasks aside."""
        return sum(c.changed for n, c in self.tables.items() if n != core_reputations.name)


@dataclass(frozen=True)
class _Run:
    """One call of publish: what it publishes, from which local files.

    Args:
        edition: what is published.
        lake: holds it.
        last: the newest publication when the run began.
        before: table -> files of that publication's lake version, where they are still there.
    """

    edition: Edition
    lake: Lake
    last: Publication | None = None
    before: Mapping[str, list[Path]] = field(default_factory=dict)

    def source(self, table: Table, erased: ErasedUsers = NOBODY, *columns: str) -> Source:
        return Source(table, self.files(table), erased, columns)

    def files(self, table: Table) -> list[Path]:
        return self.lake.local_files(self.edition.version.tables[table.name])

    def digest(self, table: Table) -> str:
        return self.edition.digests[table.name]


def publish(
    database_url: str,
    lake: Lake,
    version: Version,
    as_of: date,
    *,
    code_version: str,
    sleep: Callable[[float], None] = time.sleep,
) -> Published:
    """Make the published tables equal to the lake version, all or nothing.

    A transaction that the server ended (restart, deadlock) is repeated up to five times, fence included.

    Args:
        database_url: `postgresql://…`.
        lake: the lake that holds the version.
        version: what to publish.
        as_of: the date whose numbers it holds.
        code_version: noted with the publication.
        sleep: waits between repetitions, in seconds.

    Raises:
        Overtaken: something newer is published, or another run is publishing at this moment.
        DataRefused: the version lacks a table, or holds what the database cannot.
        Misconfigured: the database lacks migrations, or refuses the connection.
        Temporary: the server is away, busy or read-only, or the catalogue changed meanwhile.
    """
    digests = _digests(version)
    edition = Edition(version, as_of, code_version, token_hex(16), digests)
    run = _fetched(_Run(edition, lake), database_url)
    for attempt in range(_ATTEMPTS):
        try:
            with session(database_url) as connection, explained(place(database_url)):
                return _publish_once(connection, run, place(database_url))
        except Temporary as error:
            if attempt == _ATTEMPTS - 1 or not _may_repeat(error):
                raise
            sleep(random.uniform(0.1, 2.0**attempt))  # noqa: S311 - spreads the tries of two runs
    raise AssertionError("the last attempt returns or raises")


def _publish_once(connection: Connection, run: _Run, where: str) -> Published:
    edition = run.edition
    with connection.transaction():
        require_current(connection, where)
        last = ledger.take_fence(connection)
        if last and last.commit_id == edition.commit_id:  # its answer was lost, the commit was not
            return _as_noted(last)
        ledger.refuse_stale(last, edition, run.lake)
        changes = _replace_all(connection, run, last)
        if last and edition.repeats(last) and not any(c.changed for c in changes.values()):
            return Published(last.sequence, last.as_of, True, changes)
        documents = {name: change.document() for name, change in changes.items()}
        release_aggregates(connection, edition.as_of)
        sequence = ledger.append(connection, last, edition, documents)
    return Published(sequence, edition.as_of, False, changes)


def _replace_all(
    connection: Connection, run: _Run, last: Publication | None
) -> dict[str, TableChange]:
    erased = read_erased(connection)
    changes: dict[str, TableChange] = {}
    for table in published_tables():
        changes[table.name] = _replace(connection, run, last, run.source(table, erased))
    changes[question_counts.name] = _update_questions(connection, run)
    changes[core_reputations.name] = _note_rank_writes(connection, run, last, erased)
    return changes


def _replace(
    connection: Connection, run: _Run, last: Publication | None, source: Source
) -> TableChange:
    """Bring one table up to date; what the last publication left in it, and is still there, is not loaded."""
    table, digest = source.table, run.digest(source.table)
    left = last.tables.get(table.name) if last else None
    rows = count_rows(connection, table) if left else 0
    if left is None or rows != left["rows"]:
        return replace_rows(connection, source, digest)
    if left["digest"] == digest:
        return TableChange(digest, rows)
    is_known = run.last == last and rows >= _WORTH_COMPARING
    return replace_rows(
        connection, source, digest, before=run.before.get(table.name, ()) if is_known else ()
    )


def _update_questions(connection: Connection, run: _Run) -> TableChange:
    names = [column.name for column in question_counts.columns]
    with explained("questions"):
        connection.execute(statement("publication/create_question_counts"))
        batches = run.source(question_counts).batches()
        rows = copy_in(connection, "staged_question_counts", names, batches)
        updated = connection.execute(statement("publication/update_question_counts")).rowcount
    return TableChange(run.digest(question_counts), rows, updated)


def _note_rank_writes(
    connection: Connection, run: _Run, last: Publication | None, erased: ErasedUsers
) -> TableChange:
    digest = run.digest(core_reputations)
    is_known = last and last.export_chain == run.edition.export_chain
    if (
        last
        and is_known
        and all(
            last.tables[t.name]["digest"] == run.digest(t) for t in (rankings, core_reputations)
        )
    ):
        return TableChange(digest, last.tables[core_reputations.name]["rows"])
    source = run.source(core_reputations, erased, *rank_tasks.COLUMNS)
    ends = {arn: chain["head"] for arn, chain in run.edition.export_chain.items()}
    return rank_tasks.note_rank_writes(connection, source, digest, run.edition.as_of, ends)


def _digests(version: Version) -> dict[str, str]:
    names = [table.name for table in (*published_tables(), question_counts, core_reputations)]
    missing = [name for name in names if name not in version.tables]
    if missing:
        raise DataRefused(
            f"lake version {version.number} lacks the tables {', '.join(missing)}",
            "Run mavprep run to its end, so that every table is built",
        )
    return {name: version.tables[name].digest for name in names}


def _fetched(run: _Run, database_url: str) -> _Run:
    """Fetch and verify the files that will be read, before the transaction begins."""
    with session(database_url) as connection, explained(place(database_url)):
        require_current(connection, place(database_url))
        last = ledger.read_newest(connection)
    known: Mapping[str, Any] = last.digests() if last else {}
    tables = (*published_tables(), core_reputations, question_counts)
    changed = [t for t in tables if t is question_counts or known.get(t.name) != run.digest(t)]
    for table in changed:
        run.files(table)
    return replace(run, last=last, before=_files_before(run.lake, last, changed))


def _files_before(
    lake: Lake, last: Publication | None, tables: Iterable[Table]
) -> dict[str, list[Path]]:
    """Return the files that the last publication was made from, as far as this lake has them."""
    if last is None:
        return {}
    try:
        version = lake.version(last.lake_version)
        if version.commit_id != last.lake_commit_id:
            return {}
        held = {
            table.name: lake.local_files(version.tables[table.name])
            for table in tables
            if last.tables.get(table.name, {}).get("rows", 0) >= _WORTH_COMPARING
        }
    except LakeCorrupt:
        return {}
    return {
        name: files
        for name, files in held.items()
        if all(pq.read_schema(f).names == TABLES[name].arrow_schema.names for f in files)
    }


def _may_repeat(error: Temporary) -> bool:
    cause = error.__cause__
    if not isinstance(cause, Error) or cause.sqlstate == _QUERY_CANCELED:
        return False
    return cause.sqlstate is None or cause.sqlstate[:2] in _LOST_OR_DEADLOCKED


def _as_noted(last: Publication) -> Published:
    changes = {name: TableChange(**document) for name, document in last.tables.items()}
    return Published(last.sequence, last.as_of, False, changes)
