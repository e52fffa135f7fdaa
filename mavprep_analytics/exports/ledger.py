"""The raw tables' rows of an ingest, and the judgement on too many invalid items. No I/O."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

import pyarrow as pa

from mavprep_analytics.exports.chain import Step
from mavprep_analytics.exports.decoding import Refused
from mavprep_analytics.exports.kinds import KINDS
from mavprep_analytics.exports.manifests import Export
from mavprep_analytics.exports.merging import Merged
from mavprep_analytics.exports.reading import Read
from mavprep_analytics.exports.refusals import TooManyQuarantined
from mavprep_analytics.tables import raw


class Drift(TypedDict):
    """A row of raw_drift."""

    export_arn: str
    entity: str
    attribute: str
    occurrences: int


def file_rows(reads: Iterable[Read]) -> list[dict[str, object]]:
    """Return the rows of export_files; accepted + quarantined + unrecognised = item_count in each."""
    return [
        {
            "export_arn": read.task.export.arn,
            "table_name": read.task.export.table_name,
            "file_key": counts.entry.file_key,
            "item_count": counts.entry.item_count,
            "accepted": counts.accepted.total(),
            "quarantined": counts.quarantined.total(),
            "unrecognised": counts.unrecognised,
        }
        for read in reads
        for counts in read.files
    ]


def drift_rows(
    reads: Iterable[Read], merged: Iterable[Merged], steps: Iterable[Step]
) -> list[Drift]:
    """Return the rows of raw_drift."""
    found = _contradicted(merged, steps)
    for read in reads:
        for (entity, attribute), occurrences in read.drift.items():
            found[read.task.export.arn, entity, attribute] += occurrences
    return [
        {"export_arn": arn, "entity": entity, "attribute": attribute, "occurrences": occurrences}
        for (arn, entity, attribute), occurrences in found.items()
    ]


def _contradicted(merged: Iterable[Merged], steps: Iterable[Step]) -> Counter[tuple[str, str, str]]:
    """Count the changes whose OldImage is not what we had: by export, kind and `OldImage`.

    A kind that feeds two tables counts as the one with more of them.
    """
    kinds = {table.name: kind.name for kind in KINDS.values() for table in kind.tables}
    arns = {
        (rank, step.chain.table_arn): item.export.arn
        for step in steps
        for rank, item in enumerate(step.exports, 1)
        if item.export is not None
    }
    by_table: Counter[tuple[str, str]] = Counter()
    for done in merged:
        for (rank, table_arn), count in done.drifted.items():
            by_table[arns[rank, table_arn], done.task.table] += count
    found: Counter[tuple[str, str, str]] = Counter()
    for (arn, table), count in by_table.items():
        place = arn, kinds[table], "OldImage"
        found[place] = max(found[place], count)
    return found


def renewed(
    schema: pa.Schema, held: pa.Table | None, keep: set[str], rows: Sequence[Mapping[str, object]]
) -> pa.Table:
    """Return the rows held of exports to keep together with new ones, in order of all columns."""
    old = [] if held is None else [row for row in held.to_pylist() if row["export_arn"] in keep]
    ordered = sorted([*old, *rows], key=lambda row: [str(row[name]) for name in schema.names])
    return pa.Table.from_pylist(ordered, schema)


def refuse_quarantined(reads: Iterable[Read], percent: float, floor: int) -> None:
    """Refuse an export in which more than `percent` of one kind, and at least `floor`, are invalid.

    Raises:
        TooManyQuarantined: naming the export, the kind, and the first of them with its reason and line.
    """
    accepted: Counter[tuple[Export, str | None]] = Counter()
    refused: Counter[tuple[Export, str | None]] = Counter()
    first: dict[tuple[Export, str | None], tuple[str, Refused]] = {}
    for read in reads:
        for counts in read.files:
            for kind, count in counts.accepted.items():
                accepted[read.task.export, kind] += count
            for entity, count in counts.quarantined.items():
                refused[read.task.export, entity] += count
                example = counts.entry.file_key, counts.first_refused[entity]
                first.setdefault((read.task.export, entity), example)
            accepted[read.task.export, None] += counts.accepted.total() + counts.unrecognised
    for (export, entity), count in refused.items():
        if count >= floor and Decimal(count * 100) > Decimal(str(percent)) * (
            count + accepted[export, entity]
        ):
            raise TooManyQuarantined(
                f"{export.base_name}: {count} of {count + accepted[export, entity]}"
                f" {entity or 'unreadable'} items are invalid, {_told(*first[export, entity])}",
                "Mend them at their source, then ask for a full export: mavprep exports request --full",
            )


def _told(file_key: str, refused: Refused) -> str:
    attribute = f" of {refused.attribute}" if refused.attribute else ""
    return f"the first for {refused.reason}{attribute} in line {refused.line_number} of {file_key}"


RAW_TABLES = (raw.raw_export_files, raw.raw_drift)
"""The raw tables that are small enough to be rewritten whole."""
