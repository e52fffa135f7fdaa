"""The whole of asking for exports: where each chain stands, what to ask for, asking, and waiting."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.exports.chain import Chain, Rules, plan
from mavprep_analytics.exports.discovery import Found, discover
from mavprep_analytics.exports.manifests import Export
from mavprep_analytics.exports.places import open_place
from mavprep_analytics.exports.refusals import ExportRefused, NewChain
from mavprep_analytics.exports.requesting import (
    FULL_AFTER,
    Kind,
    Reach,
    Requested,
    Span,
    after_running,
    ask,
    destination,
    follow,
    planned,
)
from mavprep_analytics.exports.state import State
from mavprep_analytics.lake import Lake

_CLOCK_SLACK = timedelta(minutes=1)
_RETRIES: Any = {"mode": "standard", "total_max_attempts": 3}


def request_exports(
    exports_url: str,
    lake: Lake,
    tables: Sequence[str],
    *,
    kind: Kind,
    until: datetime | None,
    now: datetime,
    full_after: timedelta = FULL_AFTER,
    wait: bool = False,
) -> list[Requested]:
    """Ask for the exports that bring every table up to an instant.

    Args:
        exports_url: an S3 URL; its bucket and prefix receive them.
        lake: holds the chains so far.
        tables: ARNs; empty: every table that has a chain or an export.
        kind: full exports, the windows that each chain lacks, or what is due.
        until: the instant to reach; None: a minute before `now`, as DynamoDB's clock may differ by one.
        now: the current time.
        full_after: how old a table's last full export may become, for what is due.
        wait: whether to wait until they are complete.

    Raises:
        NothingNew: every chain already reaches that instant.
        Misconfigured, Temporary: see `ask` and `follow`.
    """
    destination(exports_url)
    known = known_reaches(exports_url, State.of(lake.head()), now)
    end = until or now - _CLOCK_SLACK
    client = boto3.client(
        "dynamodb", config=Config(connect_timeout=5, read_timeout=30, retries=_RETRIES)
    )
    wanted = tables or sorted(known)
    found = {arn: after_running(client, arn, known.get(arn)) for arn in wanted}
    reaches = {arn: reach for arn, reach in found.items() if reach is not None}
    requests = planned(exports_url, wanted, reaches, end, kind, full_after)
    asked = ask(client, requests)
    return follow(client, asked) if wait else asked


def known_reaches(exports_url: str, state: State, now: datetime) -> dict[str, Reach]:
    """Return how far each table's complete exports reach, with what the next ingest would add."""
    try:
        found = discover(open_place(exports_url), exports_url)
    except Misconfigured:
        found = []
    arns = {item.export.table_arn for item in found if item.export is not None}
    reaches = {arn: _reach(arn, found, state, now) for arn in arns | set(state.chains)}
    return {arn: reach for arn, reach in reaches.items() if reach is not None}


def _reach(table_arn: str, found: list[Found], state: State, now: datetime) -> Reach | None:
    """Return how far a table's exports reach; None: it needs a full one."""
    own = [item for item in found if item.export and item.export.table_arn == table_arn]
    held = {arn: chain for arn, chain in state.chains.items() if arn == table_arn}
    try:
        (step,) = plan(own, held, now, state.rules)
        chain = step.chain
    except NewChain:
        return None
    except ExportRefused:
        if not held:
            return None
        chain = held[table_arn]
    exports = [item.export for item in own if item.export]
    return Reach(chain.links[0].to_at, chain.head, tuple(_after(chain, exports, state.rules)))


def _after(chain: Chain, exports: Iterable[Export], rules: Rules) -> Iterator[Span]:
    """Yield the windows after a chain's head."""
    for export in exports:
        is_filtered = export.is_filtered or export.arn in rules.filtered
        if export.from_at and export.from_at >= chain.head and not is_filtered:
            yield export.from_at, export.to_at
