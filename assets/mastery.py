"""Group `mastery`: first answers, question rates, the mergeable state, the chain, the readings and recall."""

from typing import Any

from assets.models import sql_asset
from mavprep_analytics.engine import Built, Engine
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery.build import LAST_WEEK, build_chain, build_last_week
from mavprep_analytics.mastery.chain import CHAIN
from mavprep_analytics.tables import mastery


def _chain(_: str, lake: Lake, engine: Engine, parameters: Any, **__: Any) -> Built:
    return build_chain(lake, engine, parameters)


def _last_week(_: str, lake: Lake, engine: Engine, parameters: Any, **__: Any) -> Built:
    return build_last_week(lake, engine, parameters)


_SPECIAL = {
    CHAIN: sql_asset(CHAIN, builder=_chain),
    LAST_WEEK: sql_asset(LAST_WEEK, builder=_last_week, deps=["first_answers", "question_rates"]),
}

ASSETS = [_SPECIAL.get(table.name) or sql_asset(table.name) for table in mastery.TABLES]
