"""Group `mastery`: first answers, question rates, the readings along the tree of topics, and recall."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from assets.models import Parameters, built_asset, committed_results, sql_asset, table_spec
from assets.resources import Platform
from mavprep_analytics.engine import Built
from mavprep_analytics.engine.together import reads_of
from mavprep_analytics.mastery.build import READING_MODELS, READINGS, build_readings
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


_OF_ONE_MODEL = [
    table.name
    for table in mastery.TABLES
    if table.layer is not Layer.STEP and table.name not in {CURVE, *READINGS}
]

ASSETS = [
    _curve,
    built_asset("readings", READINGS, reads_of(READING_MODELS), _readings),
    *(sql_asset(name) for name in _OF_ONE_MODEL),
]
