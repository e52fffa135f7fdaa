"""What the lake holds of earlier exports, and the one commit that brings it up to date.

The fact `chain` of a lake version names, for every DynamoDB table, the exports that its rows rest on, and
for every lake table the file of each bucket, so that a bucket without changes is not written again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mavprep_analytics.exports import ledger
from mavprep_analytics.exports.chain import Chain, Rules, Step
from mavprep_analytics.exports.merging import Merged, MergeTask, merge
from mavprep_analytics.exports.reading import Read
from mavprep_analytics.lake import DataFile, Delta, Lake, TableEntry, Version
from mavprep_analytics.lake.version import digest_of
from mavprep_analytics.tables import core

CHAIN_FACT = "chain"
DECLARATIONS_FACT = "export_declarations"
_BY_EXPORT = ("raw_quarantine", "raw_unrecognised")
_BUCKETED = (*(table.name for table in core.TABLES), *_BY_EXPORT)


@dataclass(frozen=True)
class State:
    """What a lake version holds of exports.

    Args:
        version: the version.
        chains: by ARN of the DynamoDB table.
        buckets: lake table -> bucket -> its file.
        due_micros: by ARN, the horizon at which a future item of the table comes to pass.
        rules: what a person declared.
        accepted_shrinks: ARNs of full exports whose shrink a person accepted.
    """

    version: Version
    chains: Mapping[str, Chain] = field(default_factory=dict)
    buckets: Mapping[str, Mapping[str, DataFile]] = field(default_factory=dict)
    due_micros: Mapping[str, int] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    accepted_shrinks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, version: Version) -> "State":
        """Read the facts of a version."""
        declared = version.facts.get(DECLARATIONS_FACT, {})
        rules = Rules(frozenset(declared.get("gap", ())), frozenset(declared.get("filtered", ())))
        shrinks = frozenset(declared.get("shrink", ()))
        fact = version.facts.get(CHAIN_FACT)
        if fact is None:
            return cls(version, rules=rules, accepted_shrinks=shrinks)
        files = {file.key: file for entry in version.tables.values() for file in entry.files}
        return cls(
            version,
            {arn: Chain.from_fact(arn, chain) for arn, chain in fact["tables"].items()},
            {
                table: {bucket: files[key] for bucket, key in buckets.items()}
                for table, buckets in fact["buckets"].items()
            },
            fact["due_micros"],
            rules,
            shrinks,
        )

    def merge_tasks(
        self, lake: Lake, steps: Sequence[Step], reads: Iterable[Read], folder: Path
    ) -> list[MergeTask]:
        """Return a task for every bucket that changes, the largest first."""
        replaced = frozenset(s.chain.table_arn for s in steps if s.replaces) & set(self.chains)
        runs: dict[tuple[str, str], list[tuple[int, Path]]] = defaultdict(list)
        for read in reads:
            for run in read.runs:
                runs[run.table, run.bucket].append((read.task.rank, run.path))
        if replaced:
            for table in core.TABLES:
                for bucket in self.buckets.get(table.name, {}):
                    runs.setdefault((table.name, bucket), [])
        names = {
            (rank, step.chain.table_arn): item.export.base_name
            for step in steps
            for rank, item in enumerate(step.exports, 1)
            if item.export is not None
        }
        (folder / "merged").mkdir()
        return [
            MergeTask(
                table,
                bucket,
                self._local(lake, table, bucket),
                tuple(sorted(paths)),
                frozenset() if table in _BY_EXPORT else replaced,
                folder / "merged" / f"{table}-{bucket or 'all'}.parquet",
                table in self.version.tables and not replaced and table not in _BY_EXPORT,
                names,
            )
            for (table, bucket), paths in sorted(
                runs.items(), key=lambda item: (-_size(item[1]), item[0])
            )
        ]

    def _local(self, lake: Lake, table: str, bucket: str) -> Path | None:
        file = None if table in _BY_EXPORT else self.buckets.get(table, {}).get(bucket)
        return None if file is None else lake.local_files(TableEntry((file,)))[0]

    def commit(
        self,
        lake: Lake,
        as_of: date,
        steps: Sequence[Step],
        reads: Sequence[Read],
        merged: Sequence[Merged],
        folder: Path,
    ) -> Version:
        """Move the merged files into the lake and commit all tables and the chain at once."""
        kept = {link.arn for step in steps for link in step.chain.links}
        kept -= {read.task.export.arn for read in reads}
        buckets = self._buckets(lake, merged, {arn.rsplit("/", 1)[-1] for arn in kept})
        inputs = {"exports": digest_of([link.digest for s in steps for link in s.chain.links])}
        changes = {
            table: TableEntry(
                _files(lake, table, buckets[table], folder),
                inputs,
                delta=self._delta(lake, table, [m for m in merged if m.task.table == table]),
            )
            for table in _BUCKETED
        }
        rows: tuple[Sequence[Mapping[str, object]], ...] = (
            ledger.file_rows(reads),
            ledger.drift_rows(reads, merged, steps),
        )
        for table, new in zip(ledger.RAW_TABLES, rows, strict=True):
            held = self.version.tables.get(table.name)
            content = ledger.renewed(
                table.arrow_schema, None if held is None else lake.read(held), kept, new
            )
            changes[table.name] = lake.write(
                table.name, table.arrow_schema, content.to_batches(), inputs
            )
        fact = self._fact(as_of, steps, reads, buckets)
        return lake.commit(changes, {CHAIN_FACT: fact}, base=self.version)

    def _buckets(
        self, lake: Lake, merged: Iterable[Merged], keep: set[str]
    ) -> dict[str, dict[str, DataFile]]:
        buckets = {table: dict(self.buckets.get(table, {})) for table in _BUCKETED}
        for table in _BY_EXPORT:
            buckets[table] = {b: file for b, file in buckets[table].items() if b in keep}
        for done in merged:
            buckets[done.task.table].pop(done.task.bucket, None)
            if done.rows:
                file = lake.add_file(done.task.table, done.task.target)
                buckets[done.task.table][done.task.bucket] = file
        return buckets

    def _delta(self, lake: Lake, table: str, merged: Sequence[Merged]) -> Delta | None:
        """Return what went and came of a table's rows; None: it is not told, or nothing was merged."""
        if not merged or not all(done.task.tells for done in merged):
            return None
        went = [lake.add_file(table, done.task.went) for done in merged if done.went]
        came = [lake.add_file(table, done.task.came) for done in merged if done.came]
        return Delta(self.version.tables[table].digest, tuple(went), tuple(came))

    def _fact(
        self,
        as_of: date,
        steps: Sequence[Step],
        reads: Iterable[Read],
        buckets: Mapping[str, Mapping[str, DataFile]],
    ) -> dict[str, Any]:
        replaced = {step.chain.table_arn for step in steps if step.replaces}
        due = {arn: at for arn, at in self.due_micros.items() if arn not in replaced}
        for read in reads:
            arn = read.task.export.table_arn
            found = [c.due_micros for c in read.files if c.due_micros is not None]
            if found:
                due[arn] = min([*found, due.get(arn, found[0])])
        return {
            "as_of": as_of.isoformat(),
            "tables": {step.chain.table_arn: step.chain.to_fact() for step in steps},
            "due_micros": due,
            "buckets": {
                table: {bucket: file.key for bucket, file in sorted(held.items())}
                for table, held in buckets.items()
            },
        }


def _size(runs: Iterable[tuple[int, Path]]) -> int:
    return sum(path.stat().st_size for _, path in runs)


def _files(
    lake: Lake, table: str, buckets: Mapping[str, DataFile], folder: Path
) -> tuple[DataFile, ...]:
    """Return the table's files in bucket order; an empty table has one file without rows."""
    if buckets:
        return tuple(buckets[bucket] for bucket in sorted(buckets))
    target = folder / f"{table}.parquet"
    merge(MergeTask(table, "", None, (), frozenset(), target))
    return (lake.add_file(table, target),)
