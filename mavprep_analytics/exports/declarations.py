"""What a person declares about an export: an accepted shrink or gap, or that it was filtered.

Declarations are kept with the lake, as a fact of its versions: export ARN, by whom, when.
"""

from datetime import datetime
from enum import StrEnum

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.exports.discovery import Found
from mavprep_analytics.exports.manifests import Export
from mavprep_analytics.exports.state import DECLARATIONS_FACT
from mavprep_analytics.lake import Lake


class Declaration(StrEnum):
    """What is declared."""

    SHRINK = "shrink"
    GAP = "gap"
    FILTERED = "filtered"


def named(found: list[Found], name: str) -> Export:
    """Return the one complete export that a person names by ARN, `table/id`, id or folder.

    Raises:
        Misconfigured: there is none, or several tables have one of this id.
    """
    matches = {
        export.arn: export
        for item in found
        if (export := item.export) is not None
        and name in (export.arn, export.base_name, export.export_id, item.folder)
    }
    if len(matches) != 1:
        problem = "no complete export" if not matches else "more than one export"
        raise Misconfigured(f"{problem} is named {name}", "See mavprep exports list")
    return next(iter(matches.values()))


def declare(lake: Lake, export: Export, declaration: Declaration, *, by: str, at: datetime) -> bool:
    """Record a declaration in the lake; return whether it was new."""
    head = lake.head()
    fact = {kind: dict(held) for kind, held in head.facts.get(DECLARATIONS_FACT, {}).items()}
    held = fact.setdefault(declaration.value, {})
    if export.arn in held:
        return False
    held[export.arn] = {"by": by, "at": at.isoformat()}
    lake.commit({}, {DECLARATIONS_FACT: fact}, base=head)
    return True
