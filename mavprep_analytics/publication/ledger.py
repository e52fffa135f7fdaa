"""What was published when: reading the ledger, the fence, and the next entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from psycopg.errors import LockNotAvailable
from psycopg.types.json import Jsonb

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.postgres import Connection, explained, place, session, statement

_FENCE_WAIT, _LOCK_WAIT = "3s", "10s"
_RANK_MEMORY = timedelta(days=7)


@dataclass(frozen=True)
class Publication:
    """One row of `analytics_publications`; see the table's declaration."""

    sequence: int
    as_of: date
    export_chain: Any
    code_version: str
    lake_version: int
    lake_commit_id: str
    tables: Mapping[str, Mapping[str, Any]]
    commit_id: str
    published_at: datetime

    def digests(self) -> dict[str, str]:
        """Return table -> lake digest of everything that was published."""
        return {name: change["digest"] for name, change in self.tables.items()}


@dataclass(frozen=True)
class Edition:
    """What one run wants to publish.

    Args:
        version: the lake version.
        as_of: the date whose numbers it holds.
        code_version: of this code.
        commit_id: of this run alone.
        digests: table -> lake digest of everything that publication reads.
    """

    version: Version
    as_of: date
    code_version: str
    commit_id: str
    digests: Mapping[str, str]

    @property
    def export_chain(self) -> Any:
        """The exports that the lake version was built from, by DynamoDB table."""
        return self.version.facts.get("chain", {}).get("tables", {})

    def repeats(self, last: Publication | None) -> bool:
        """Tell whether the newest publication had the same date and the same inputs."""
        return (
            last is not None
            and (last.as_of, last.export_chain) == (self.as_of, self.export_chain)
            and last.digests() == dict(self.digests)
        )


def newest(database_url: str) -> Publication | None:
    """Return the newest publication; null before the first."""
    with session(database_url) as connection, explained(place(database_url)):
        return read_newest(connection)


def last_published_before(database_url: str, as_of: date) -> Publication | None:
    """Return the last publication whose as-of date lies seven days or more before the given one.

    Previous ranks are those of its lake version; null: nothing was published then.
    """
    with session(database_url) as connection, explained(place(database_url)):
        row = connection.execute(
            statement("publication/publication_before"), {"latest": as_of - _RANK_MEMORY}
        ).fetchone()
    return Publication(*row) if row else None


def read_newest(connection: Connection) -> Publication | None:
    """Return the newest publication as this connection sees it."""
    row = connection.execute(statement("publication/newest_publication")).fetchone()
    return Publication(*row) if row else None


def take_fence(connection: Connection) -> Publication | None:
    """Become the only publisher until the transaction ends, and return the newest publication.

    Raises:
        Overtaken: another run is publishing at this moment.
    """
    connection.execute(statement("publication/limit_waits"), {"lock_timeout": _FENCE_WAIT})
    try:
        connection.execute(statement("publication/lock_fence"))
    except LockNotAvailable:
        raise Overtaken("another run is publishing at this moment", "Let it finish") from None
    connection.execute(statement("publication/limit_waits"), {"lock_timeout": _LOCK_WAIT})
    return read_newest(connection)


def refuse_stale(last: Publication | None, edition: Edition, lake: Lake) -> None:
    """Raise Overtaken if something newer than this edition is published already.

    Newer is a later date, or the same date from a later version of the same lake.
    """
    if last is None or (last.as_of, last.lake_version) <= (edition.as_of, edition.version.number):
        return
    if last.as_of < edition.as_of:
        return
    if last.as_of == edition.as_of and not _is_of(lake, last):
        return
    raise Overtaken(
        f"publication {last.sequence} of {last.as_of} from lake version {last.lake_version} is newer "
        f"than {edition.as_of} from lake version {edition.version.number}",
        "Nothing was changed; run for a later date",
    )


def append(
    connection: Connection, last: Publication | None, edition: Edition, tables: Mapping[str, Any]
) -> int:
    """Note the publication and move the fence; return its sequence.

    Args:
        connection: in the transaction that took the fence.
        last: what `take_fence` returned.
        edition: what is published.
        tables: per table the change's document.

    Raises:
        Overtaken: the fence moved though it was locked.
    """
    sequence = last.sequence + 1 if last else 1
    values = {
        "sequence": sequence,
        "as_of": edition.as_of,
        "export_chain": Jsonb(edition.export_chain),
        "code_version": edition.code_version,
        "lake_version": edition.version.number,
        "lake_commit_id": edition.version.commit_id,
        "tables": Jsonb(tables),
        "row_counts": Jsonb({name: change["rows"] for name, change in tables.items()}),
        "digests": Jsonb({name: change["digest"] for name, change in tables.items()}),
        "commit_id": edition.commit_id,
    }
    moved = connection.execute(statement("publication/move_fence"), {"sequence": sequence})
    if moved.rowcount != 1:
        raise Overtaken(f"publication {sequence} exists already", "Run for a later date")
    connection.execute(statement("publication/insert_publication"), values)
    return sequence


def _is_of(lake: Lake, publication: Publication) -> bool:
    try:
        return lake.version(publication.lake_version).commit_id == publication.lake_commit_id
    except LakeCorrupt:
        return False
