"""Notes, in the publishing transaction, which REPUTATION items want which ranks."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from mavprep_analytics.postgres import Connection, explained, statement
from mavprep_analytics.publication.staging import Source, analyze, copy_in
from mavprep_analytics.publication.upsert import TableChange

COLUMNS = ("user_id", "table_arn", "global_rank", "university_rank", "subject_ranks")
"""What is read of an exported item."""


def note_rank_writes(
    connection: Connection, source: Source, digest: str, as_of: date, ends: Mapping[str, str]
) -> TableChange:
    """Compare the ranks just published with the exported items and note the tasks.

    Args:
        connection: in the publishing transaction, after `analytics_rankings` is up to date.
        source: the lake's core_reputations.
        digest: of that lake table.
        as_of: the date of the ranks.
        ends: by table ARN the instant that its exports reach to.

    Returns:
        The items read, and as upserted the tasks noted.
    """
    with explained("analytics_rank_writes"):
        connection.execute(statement("publication/create_reputations"))
        rows = copy_in(
            connection, "staged_reputations", (*COLUMNS, "exported_until"), _items(source, ends)
        )
        connection.execute(statement("publication/create_wanted_ranks"))
        analyze(connection, "wanted_ranks")
        deleted = connection.execute(statement("publication/delete_rank_writes")).rowcount
        noted = connection.execute(
            statement("publication/note_rank_writes"), {"as_of": as_of}
        ).rowcount
    return TableChange(digest, rows, noted, deleted)


def _items(source: Source, ends: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    for batch in source.batches():
        ranks = [ranks_json(value) for value in batch.column("subject_ranks").to_pylist()]
        until = [ends.get(str(arn)) for arn in batch.column("table_arn").to_pylist()]
        columns = [batch.column(name) for name in COLUMNS[:-1]]
        yield pa.RecordBatch.from_arrays(
            [*columns, pa.array(ranks, pa.string()), pa.array(until, pa.string())],
            [*COLUMNS, "exported_until"],
        )


def ranks_json(ranks: list[dict[str, Any]] | None) -> str | None:
    """Return the exported map of subject ranks as JSON; null if the item has none."""
    if ranks is None:
        return None
    return json.dumps({entry["subject_id"]: entry["rank"] for entry in ranks}).replace(
        "\\u0000", "\\ufffd"
    )
