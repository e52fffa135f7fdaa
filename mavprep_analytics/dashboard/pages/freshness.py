"""Freshness and publications: what was published when, from which exports, and what was left out and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.grants import Role
from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.visit import Page, Visit

_COUNTS = ("files", "item_count", "accepted", "quarantined", "unrecognised")


@dataclass(frozen=True)
class Chain:
    """The exports of a DynamoDB table behind the numbers: a full one and the windows after it.

    Args:
        table: the DynamoDB table.
        head: everything up to then is in; None: not stored.
        links: kind, from, to and the item counts of each export, oldest first.
    """

    table: str
    head: datetime | None
    links: tuple[Mapping[str, Any], ...]

    def total(self, name: str) -> int:
        """Return the sum of a count over the links."""
        return sum(link.get(name) or 0 for link in self.links)

    @property
    def windows(self) -> int:
        """The number of incremental exports."""
        return sum(link["kind"] != "full" for link in self.links)


def freshness(visit: Visit) -> Page:
    """Show the publications, the newest one's tables, the export files and unresolved references."""
    with_students = visit.viewer.role is Role.GLOBAL_ADMIN
    publications = visit.read.rows("publications")
    references: dict[str, list[Row]] = defaultdict(list)
    for row in visit.read.rows("unresolved_references", with_students=with_students):
        references[row["kind"]].append(row)
    return Page(
        "pages/freshness.html",
        {
            "publications": publications,
            "chains": _chains(publications[0]["export_chain"], visit.read.rows("export_files")),
            "unresolved_kinds": visit.read.rows("unresolved_kinds"),
            "unresolved": references,
            "with_students": with_students,
        },
    )


def _chains(chain: Mapping[str, Any], files: Iterable[Row]) -> list[Chain]:
    """Join the publication's chain with what each export held; the newest publication names the exports."""
    counts = {row["export_arn"]: row for row in files}
    return [
        Chain(
            arn.rsplit("/", 1)[-1],
            _instant(found.get("head")),
            tuple(_link(export, counts) for export in found.get("exports", ())),
        )
        for arn, found in sorted(chain.items())
    ]


def _link(export: Mapping[str, Any], counts: Mapping[str, Row]) -> dict[str, Any]:
    found = counts.get(export["arn"], {})
    return {
        "name": export["arn"].rsplit("/", 1)[-1],
        "kind": export.get("kind", "full"),
        "since": _instant(export.get("from")),
        "until": _instant(export.get("to")),
        "digest": export.get("digest", ""),
    } | {name: found.get(name) for name in _COUNTS}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


ROUTES = (PageRoute("/freshness", freshness, "/freshness"),)
