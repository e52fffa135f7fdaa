"""What lies below the exports URL and what the next ingest would do with it; for people. No I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from mavprep_analytics.errors import MavprepError
from mavprep_analytics.exports.chain import plan
from mavprep_analytics.exports.discovery import Found
from mavprep_analytics.exports.manifests import Export
from mavprep_analytics.exports.refusals import ExportRefused
from mavprep_analytics.exports.state import State

_FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    """One export: where, of which table, which time it covers, its state and why."""

    folder: str
    table_name: str
    covers: str
    items: int | None
    state: str
    reason: str = ""


@dataclass(frozen=True)
class ListedChain:
    """One table's chain: the instant that it reaches, its exports, and what stops the next ingest."""

    table_name: str
    head: datetime | None
    exports: int
    problem: str = ""


def listed(found: Iterable[Found], state: State) -> tuple[list[Listed], list[ListedChain]]:
    """Return every export found, and the chain of every table, ordered by table and time."""
    found = list(found)
    ingested = {link.arn for chain in state.chains.values() for link in chain.links}
    bases = {arn: chain.links[0].to_at for arn, chain in state.chains.items()}
    lines = [(_order(item), _line(item, state, ingested, bases)) for item in found]
    arns = {item.export.table_arn for item in found if item.export} | set(state.chains)
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])], [
        _chain(arn, found, state) for arn in sorted(arns)
    ]


def _order(item: Found) -> tuple[str, datetime, str]:
    if item.export is None:
        return "", _FAR, item.folder
    return item.export.table_name, item.export.to_at, item.folder


def _line(item: Found, state: State, ingested: set[str], bases: dict[str, datetime]) -> Listed:
    export = item.export
    if item.refusal is not None:
        code = item.refusal.code
        return Listed(item.folder, "", "", None, "refused", f"{code}: {item.refusal.problem}")
    if export is None:
        return Listed(item.folder, "", "", None, "in progress", "manifests not complete yet")
    status = _status(export, state, ingested, bases)
    return Listed(item.folder, export.table_name, covers(export), export.item_count, status)


def _status(export: Export, state: State, ingested: set[str], bases: dict[str, datetime]) -> str:
    if export.is_filtered or export.arn in state.rules.filtered:
        return "filtered"
    if export.arn in ingested:
        return "ingested"
    base = bases.get(export.table_arn)
    return "superseded" if base is not None and export.to_at <= base else "complete"


def covers(export: Export) -> str:
    """Return the time that an export covers, as people read it."""
    end = f"{export.to_at:%Y-%m-%d %H:%M:%S}"
    return (
        f"up to {end}" if export.from_at is None else f"{export.from_at:%Y-%m-%d %H:%M:%S} to {end}"
    )


def _chain(table_arn: str, found: list[Found], state: State) -> ListedChain:
    own = [item for item in found if item.export is None or item.export.table_arn == table_arn]
    chain = state.chains.get(table_arn)
    held = {} if chain is None else {table_arn: chain}
    problem = ""
    try:
        plan([item for item in own if item.refusal is None], held, _FAR, state.rules)
    except ExportRefused as refusal:
        problem = f"{refusal.code}: {refusal}"
    except MavprepError as error:
        problem = str(error)
    name = table_arn.rsplit("/", 1)[-1]
    if chain is None:
        return ListedChain(name, None, 0, problem)
    return ListedChain(name, chain.head, len(chain.links), problem)
