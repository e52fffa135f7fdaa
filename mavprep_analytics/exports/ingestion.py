"""From exports to the core tables: find, choose, verify, decode, merge, and one lake commit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mavprep_analytics.errors import NothingNew
from mavprep_analytics.exports import ledger
from mavprep_analytics.exports.allowed import Allowed
from mavprep_analytics.exports.chain import Chain, Step, plan
from mavprep_analytics.exports.discovery import Found, discover
from mavprep_analytics.exports.manifests import DataFileEntry, Export
from mavprep_analytics.exports.merging import Merged, merge
from mavprep_analytics.exports.places import open_place
from mavprep_analytics.exports.reading import Read, ReadTask, read
from mavprep_analytics.exports.refusals import Shrink
from mavprep_analytics.exports.state import State
from mavprep_analytics.exports.workers import Progress, Workers
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.periods import end_of_day, micros

if TYPE_CHECKING:
    from mavprep_analytics.settings import Settings

_SLACK = timedelta(minutes=5)
_TASK_ITEMS = 10_000
_POOL_ITEMS = 40_000
"""Fewer items are read in this process: starting others would take longer."""


@dataclass(frozen=True)
class Limits:
    """Beyond these an export is refused until a person decides.

    Args:
        quarantine_percent: of one kind's items in an export that may be invalid.
        quarantine_floor: fewer invalid items never refuse.
        shrink_users_percent: of the users that a newer full export may lack.
        shrink_rows_percent: of all items that it may lack.
        allowed: whose exports are taken.
    """

    quarantine_percent: float = 0.1
    quarantine_floor: int = 20
    shrink_users_percent: float = 2
    shrink_rows_percent: float = 5
    allowed: Allowed = field(default_factory=Allowed)

    @classmethod
    def of(cls, settings: "Settings") -> "Limits":
        """Return the limits that the environment sets."""
        return cls(
            shrink_users_percent=settings.export_shrink_users_percent,
            shrink_rows_percent=settings.export_shrink_rows_percent,
            allowed=Allowed.of(settings),
        )


@dataclass(frozen=True)
class Ingested:
    """What an ingest did.

    Args:
        version: the lake version that holds the state.
        unchanged: whether it was there before, so nothing was committed.
        exports: the exports read, in order.
        accepted: items taken, deletes included.
        quarantined: items refused with a reason.
        unrecognised: items that match no kind.
        drift: by kind and attribute, items that held what no schema knows or contradicted what was there.
        chains: the chain of every DynamoDB table.
    """

    version: Version
    unchanged: bool
    exports: tuple[Export, ...] = ()
    accepted: int = 0
    quarantined: int = 0
    unrecognised: int = 0
    drift: Mapping[tuple[str, str], int] = field(default_factory=dict)
    chains: tuple[Chain, ...] = ()


def ingest(
    exports_url: str,
    lake: Lake,
    as_of: date,
    *,
    workers: int = 1,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Bring the core tables to the state at the end of the as-of date.

    Args:
        exports_url: `s3://bucket/prefix` or a folder, with `AWSDynamoDB/` in or below it.
        lake: where the state is kept.
        as_of: exports of up to this date's end (UTC) are candidates.
        workers: processes that read and merge, when there is enough to do.
        limits: beyond which an export is refused.
        progress: called as tasks are done.

    Raises:
        NothingNew: there is no complete export at all.
        ExportRefused: one of its classes; nothing was changed.
        Misconfigured: the place is missing or may not be read.
        Overtaken: the lake holds a later state, or another run committed meanwhile.
    """
    limits, state = limits or Limits(), State.of(lake.head())
    found = discover(open_place(exports_url, limits.allowed.account), exports_url, limits.allowed)
    steps = plan(found, state.chains, end_of_day(as_of), state.rules)
    if not steps:
        raise NothingNew(
            f"{exports_url} holds no complete export of {as_of} or before",
            "Wait until one is finished; mavprep exports list shows them",
        )
    horizon = micros(end_of_day(as_of) + _SLACK)
    steps = _rereading_future(steps, found, state, horizon)
    if not any(step.exports for step in steps):
        chains = tuple(step.chain for step in steps)
        return Ingested(state.version, unchanged=True, chains=chains)
    items = sum(i.export.item_count for step in steps for i in step.exports if i.export)
    count = workers if items >= _POOL_ITEMS else 1
    with lake.staging() as folder, Workers(count, progress) as pool:
        reads = pool.run(
            "read", read, _read_tasks(exports_url, limits.allowed.account, steps, horizon, folder)
        )
        ledger.refuse_quarantined(reads, limits.quarantine_percent, limits.quarantine_floor)
        merged = pool.run("merge", merge, state.merge_tasks(lake, steps, reads, folder))
        _refuse_shrink(steps, merged, state, limits)
        version = state.commit(lake, as_of, steps, reads, merged, folder)
    return _ingested(version, steps, reads, ledger.drift_rows(reads, merged, steps))


def _rereading_future(
    steps: Sequence[Step], found: Sequence[Found], state: State, horizon_micros: int
) -> list[Step]:
    """Read a table's whole chain again when an item that was future has come to pass.

    Where the chain's exports are no longer all there, they stay out until the next full export.
    """
    there = {item.export.arn: item for item in found if item.export is not None}
    return [
        replace(step, exports=tuple(there[link.arn] for link in step.chain.links), replaces=True)
        if state.due_micros.get(step.chain.table_arn, horizon_micros + 1) <= horizon_micros
        and not step.replaces
        and all(link.arn in there for link in step.chain.links)
        else step
        for step in steps
    ]


def _read_tasks(
    url: str, owner: str, steps: Sequence[Step], horizon_micros: int, folder: Path
) -> list[ReadTask]:
    tasks = []
    for number, step in enumerate(steps):
        for rank, item in enumerate(step.exports, 1):
            assert item.export is not None
            for part, files in enumerate(_parts(item.export.files)):
                name = f"{number:04d}-{rank:04d}-{part:06d}"
                place = url, owner, item.root
                tasks.append(
                    ReadTask(*place, item.export, files, rank, horizon_micros, folder, name)
                )
    return tasks


def _parts(files: Sequence[DataFileEntry]) -> Iterator[tuple[DataFileEntry, ...]]:
    """Group files so that a task has work for a second or so; every export has at least one task."""
    held: list[DataFileEntry] = []
    for file in files:
        held.append(file)
        if sum(entry.item_count for entry in held) >= _TASK_ITEMS:
            yield tuple(held)
            held = []
    if held or not files:
        yield tuple(held)


def _refuse_shrink(
    steps: Sequence[Step], merged: Sequence[Merged], state: State, limits: Limits
) -> None:
    before: Counter[tuple[str, bool]] = Counter()
    vanished: Counter[tuple[str, bool]] = Counter()
    for done in merged:
        if done.task.table != "core_identities":
            is_user = done.task.table == "core_profiles"
            for arn, count in done.before.items():
                before[arn, False] += count
                before[arn, True] += count * is_user
            for arn, count in done.vanished.items():
                vanished[arn, False] += count
                vanished[arn, True] += count * is_user
    percents = {True: limits.shrink_users_percent, False: limits.shrink_rows_percent}
    for step in steps:
        arn, base = step.chain.table_arn, step.chain.links[0].arn
        for is_user, percent in percents.items():
            lost, had = vanished[arn, is_user], before[arn, is_user]
            if lost * 100 > percent * had and base not in state.accepted_shrinks:
                raise Shrink(
                    f"{step.chain.table_name}/{base.rsplit('/', 1)[-1]} lacks {lost} of {had}"
                    f" {'users' if is_user else 'items'} that were there before",
                    f"If that is right: mavprep exports accept {base}",
                )


def _ingested(
    version: Version, steps: Sequence[Step], reads: Sequence[Read], drifted: Iterable[ledger.Drift]
) -> Ingested:
    files = [counts for done in reads for counts in done.files]
    drift: Counter[tuple[str, str]] = Counter()
    for row in drifted:
        drift[row["entity"], row["attribute"]] += row["occurrences"]
    exports = [i.export for step in steps for i in step.exports if i.export is not None]
    return Ingested(
        version,
        unchanged=False,
        exports=tuple(exports),
        accepted=sum(counts.accepted.total() for counts in files),
        quarantined=sum(counts.quarantined.total() for counts in files),
        unrecognised=sum(counts.unrecognised for counts in files),
        drift=dict(drift),
        chains=tuple(step.chain for step in steps),
    )
