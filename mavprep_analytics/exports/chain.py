"""Which exports make the state at an as-of date: the newest full export, then contiguous windows. No I/O.

The chain of a table is kept as a fact of the lake version that holds its state. Overlaps are as wrong as
gaps: an item born in an overlap and deleted later leaves no record in the second window.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.exports.discovery import Found
from mavprep_analytics.exports.manifests import Export
from mavprep_analytics.exports.refusals import ExportMutated, Gap, NewChain, Overlap

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=24)
"""What DynamoDB writes windows of (AWS guide, "Requesting a table export in DynamoDB")."""


@dataclass(frozen=True)
class Link:
    """One ingested export of a chain: what identifies it and the time that it covers."""

    arn: str
    digest: str
    kind: str
    from_at: datetime | None
    to_at: datetime

    @classmethod
    def of(cls, export: Export) -> "Link":
        """Return the link that an export becomes."""
        return cls(export.arn, export.digest, export.kind, export.from_at, export.to_at)

    def to_fact(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {
            "arn": self.arn,
            "digest": self.digest,
            "kind": self.kind,
            "from": None if self.from_at is None else self.from_at.isoformat(),
            "to": self.to_at.isoformat(),
        }

    @classmethod
    def from_fact(cls, fact: Mapping[str, Any]) -> "Link":
        """Read back what `to_fact` wrote."""
        from_at = None if fact["from"] is None else datetime.fromisoformat(fact["from"])
        to_at = datetime.fromisoformat(fact["to"])
        return cls(fact["arn"], fact["digest"], fact["kind"], from_at, to_at)


@dataclass(frozen=True)
class Chain:
    """The exports that one DynamoDB table's state rests on, oldest first; the first is a full export."""

    table_arn: str
    table_name: str
    table_id: str
    links: tuple[Link, ...]

    @property
    def head(self) -> datetime:
        """The instant whose state the chain reaches."""
        return self.links[-1].to_at

    def to_fact(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {
            "table_name": self.table_name,
            "table_id": self.table_id,
            "head": self.head.isoformat(),
            "exports": [link.to_fact() for link in self.links],
        }

    @classmethod
    def from_fact(cls, table_arn: str, fact: Mapping[str, Any]) -> "Chain":
        """Read back what `to_fact` wrote."""
        links = tuple(Link.from_fact(link) for link in fact["exports"])
        return cls(table_arn, fact["table_name"], fact["table_id"], links)


@dataclass(frozen=True)
class Step:
    """What is to be done for one table.

    Args:
        chain: the chain afterwards.
        exports: the exports to read, in order, with the folder each was found in.
        replaces: whether the first of them replaces the table's state.
    """

    chain: Chain
    exports: tuple[Found, ...] = ()
    replaces: bool = False


@dataclass(frozen=True)
class Rules:
    """What a person has declared about exports.

    Args:
        accepted_gaps: ARNs of windows that may follow although time before them is missing.
        filtered: ARNs of filtered exports, which are never part of a chain.
    """

    accepted_gaps: Collection[str] = field(default_factory=frozenset)
    filtered: Collection[str] = field(default_factory=frozenset)


def plan(
    found: Iterable[Found], chains: Mapping[str, Chain], until: datetime, rules: Rules
) -> list[Step]:
    """Return one step per table, ordered by ARN; a step without exports leaves the table as it is.

    Args:
        found: all exports below the place.
        chains: what was ingested before, by table ARN.
        until: the end of the as-of date; later exports are no candidates.
        rules: a person's declarations.

    Raises:
        ExportRefused: a gap, an overlap, a mutated or broken export, or a table made anew.
        Overtaken: the lake already holds a later state.
    """
    found = list(found)
    for chain in chains.values():
        if chain.head > until:
            raise Overtaken(
                f"the lake already holds {chain.table_name} up to {_text(chain.head)}",
                "Run for that day or a later one",
            )
    candidates = _candidates(found, until, rules)
    _refuse_mutated(candidates, chains)
    by_table: dict[str, list[Found]] = defaultdict(list)
    for item, export in candidates:
        by_table[export.table_arn].append(item)
    steps = [_step(by_table[arn], chains.get(arn), rules) for arn in sorted({*by_table, *chains})]
    _refuse_broken(found, {step.chain.table_arn: step.chain for step in steps}, until)
    return steps


def _candidates(found: list[Found], until: datetime, rules: Rules) -> list[tuple[Found, Export]]:
    return [
        (item, item.export)
        for item in found
        if item.export is not None
        and item.export.to_at <= until
        and not item.export.is_filtered
        and item.export.arn not in rules.filtered
    ]


def _refuse_mutated(candidates: list[tuple[Found, Export]], chains: Mapping[str, Chain]) -> None:
    digests = {link.arn: link.digest for chain in chains.values() for link in chain.links}
    for item, export in candidates:
        if digests.setdefault(export.arn, export.digest) != export.digest:
            raise ExportMutated(
                f"{item.folder} has other contents than when {export.base_name} was read before",
                "Restore the original objects, or remove them and ask for a new full export",
            )


def _refuse_broken(found: list[Found], chains: Mapping[str, Chain], until: datetime) -> None:
    for item in found:
        if item.refusal is None:
            continue
        if item.claim is not None:
            table_arn, end = item.claim
            chain = chains.get(table_arn)
            if end > until or (chain is not None and end <= chain.links[0].to_at):
                continue
        raise item.refusal


def _step(items: list[Found], chain: Chain | None, rules: Rules) -> Step:
    unique = {export.arn: (item, export) for item in items if (export := item.export)}
    fulls = [pair for pair in unique.values() if pair[1].kind == "full"]
    newest = max(fulls, key=lambda pair: (pair[1].to_at, pair[1].arn), default=None)
    if newest is not None and (chain is None or newest[1].to_at > chain.head):
        return _extended(_chain_of(newest[1]), unique, rules, [newest[0]], replaces=True)
    if chain is None:
        export = min((pair[1] for pair in unique.values()), key=lambda e: e.to_at)
        raise NewChain(
            f"{export.table_name} has no full export at or before {_text(export.from_at)}",
            "Ask for one: mavprep exports request --full",
        )
    return _extended(chain, unique, rules, [], replaces=False)


def _chain_of(export: Export) -> Chain:
    return Chain(export.table_arn, export.table_name, export.table_id, (Link.of(export),))


def _extended(
    chain: Chain,
    unique: Mapping[str, tuple[Found, Export]],
    rules: Rules,
    steps: list[Found],
    *,
    replaces: bool,
) -> Step:
    base, known = chain.links[0].to_at, {link.arn for link in chain.links}
    windows = sorted(
        (
            (item, export)
            for item, export in unique.values()
            if export.kind == "incremental" and export.arn not in known and export.to_at > base
        ),
        key=lambda pair: (pair[1].to_at, pair[1].arn),
    )
    for item, export in windows:
        _check_follows(chain, export, rules)
        links = (*chain.links, Link.of(export))
        chain = Chain(chain.table_arn, chain.table_name, chain.table_id, links)
        steps.append(item)
    return Step(chain, tuple(steps), replaces)


def _check_follows(chain: Chain, export: Export, rules: Rules) -> None:
    if export.table_id != chain.table_id:
        raise NewChain(
            f"{export.base_name} is of a table made anew under the name {export.table_name}",
            "Ask for a full export of it: mavprep exports request --full",
        )
    wanted = _whole_second(chain.head)
    start = export.from_at or export.to_at
    if start < wanted:
        raise Overlap(
            f"{export.base_name} covers {_text(start)} to {_text(export.to_at)}, but the chain of"
            f" {export.table_name} already reaches {_text(wanted)}",
            f"Remove it; the next window must start at {_text(wanted)}",
        )
    if start > wanted and start != chain.head and export.arn not in rules.accepted_gaps:
        raise Gap(
            f"{export.table_name} lacks the window from {_text(wanted)} to {_text(start)} before"
            f" {export.base_name}",
            "Ask for this window: mavprep exports request"
            if start - wanted >= SHORTEST
            else "No window is that short; ask for a full export: mavprep exports request --full",
        )


def _whole_second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _text(instant: datetime | None) -> str:
    if instant is None:
        return "its window"
    return instant.astimezone(UTC).isoformat(timespec="auto").replace("+00:00", "Z")
