"""Group `mastery`: first answers, question rates, the mergeable state, the chain, the readings and recall."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from assets.models import committed_results, sql_asset, table_spec
from assets.resources import Platform
from mavprep_analytics.engine import Built, Engine
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery.build import LAST_WEEK, build_chain, build_last_week
from mavprep_analytics.mastery.chain import CHAIN
from mavprep_analytics.mastery.recall import CURVE, build_curve
from mavprep_analytics.tables import TABLES, mastery


def _chain(_: str, lake: Lake, engine: Engine, parameters: Any, **__: Any) -> Built:
    return build_chain(lake, engine, parameters)


def _last_week(_: str, lake: Lake, engine: Engine, parameters: Any, **__: Any) -> Built:
    return build_last_week(lake, engine, parameters)


@dg.multi_asset(name=CURVE, specs=[table_spec(TABLES[CURVE])])
def _curve(platform: Platform) -> Iterable[Any]:
    """Tabulate what FSRS says of a card that was reviewed once."""
    built = build_curve(platform.lake)
    yield from committed_results(platform.lake.head(), [CURVE], unchanged=built.unchanged)


_SPECIAL = {
    CURVE: _curve,
    CHAIN: sql_asset(CHAIN, builder=_chain),
    LAST_WEEK: sql_asset(LAST_WEEK, builder=_last_week, deps=["first_answers", "question_rates"]),
}

ASSETS = [_SPECIAL.get(table.name) or sql_asset(table.name) for table in mastery.TABLES]
