"""Group `mastery`: first answers, question rates, readings along the tree of topics, recall, and how good they were."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from assets.models import Parameters, built_asset, committed_results, sql_asset, table_spec
from assets.resources import Platform
from mavprep_analytics.engine import Built
from mavprep_analytics.engine.fingerprint import reads_of
from mavprep_analytics.mastery.build import READING_MODELS, READINGS, build_readings
from mavprep_analytics.mastery.quality import (
    QUALITY,
    QUALITY_MODELS,
    build_quality,
    miscalibration,
)
from mavprep_analytics.mastery.recall import CURVE, build_curve
from mavprep_analytics.tables import TABLES, Layer, mastery


@dg.multi_asset(name=CURVE, specs=[table_spec(TABLES[CURVE])])
def _curve(platform: Platform) -> Iterable[Any]:
    """Tabulate what FSRS says of a card that was reviewed once."""
    built = build_curve(platform.lake)
    yield from committed_results(platform.lake.head(), [CURVE], unchanged=built.unchanged)


def _readings(
    _: dg.AssetExecutionContext, platform: Platform, parameters: Parameters
) -> list[Built]:
    return build_readings(platform.lake, platform.engine, parameters)


def _quality(
    _: dg.AssetExecutionContext, platform: Platform, parameters: Parameters
) -> list[Built]:
    return [build_quality(platform.lake, platform.engine, parameters)]


@dg.asset_check(asset=QUALITY, description="Warns when last week's ECE of mastery exceeds .03.")
def calibrated(platform: Platform) -> dg.AssetCheckResult:
    """Say whether mastery kept its word last week; with too few answers nothing is said."""
    rows = platform.lake.read(platform.lake.head().tables[QUALITY]).to_pylist()
    problem = miscalibration(rows)
    measures = {
        f"{row['model']}: {name}": "too few answers" if row[name] is None else float(row[name])
        for row in rows
        for name in ("ece", "log_loss")
    }
    return dg.AssetCheckResult(
        passed=problem is None,
        severity=dg.AssetCheckSeverity.WARN,
        description=problem or "",
        metadata=measures,
    )


CHECKS = [calibrated]

_OF_ONE_MODEL = [
    table.name
    for table in mastery.TABLES
    if table.layer is not Layer.STEP and table.name not in {CURVE, QUALITY, *READINGS}
]

ASSETS = [
    _curve,
    built_asset("readings", READINGS, reads_of(READING_MODELS), _readings),
    built_asset(QUALITY, [QUALITY], reads_of(QUALITY_MODELS), _quality),
    *(sql_asset(name) for name in _OF_ONE_MODEL),
]
