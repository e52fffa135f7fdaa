"""Blocking checks of every built table, from its declaration: schema, keys, values, references, collapse.

The engine checks a table before it commits it; this module only tells Dagster how that went.
"""

from collections.abc import Iterable

import dagster as dg

from mavprep_analytics.engine.checks import Violation

DECLARATION = "as_declared"


def declaration_spec(name: str) -> dg.AssetCheckSpec:
    """Return the blocking check that a table keeps its declaration."""
    return dg.AssetCheckSpec(
        DECLARATION,
        asset=name,
        blocking=True,
        description="Schema, key, nulls, allowed values, ranges, references; no collapse of rows.",
    )


def declaration_check(name: str, violations: Iterable[Violation] = ()) -> dg.AssetCheckResult:
    """Return the outcome of the check, naming columns and counts."""
    told = [str(violation) for violation in violations]
    return dg.AssetCheckResult(
        passed=not told, check_name=DECLARATION, asset_key=name, metadata={"violations": told}
    )
