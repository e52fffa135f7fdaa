"""Group `questions`: quality of questions, options and tests over first attempts, and plain counts over all."""

import dagster as dg

from assets.models import Parameters, built_asset, sql_asset
from assets.resources import Platform
from mavprep_analytics.engine import Built
from mavprep_analytics.engine.fingerprint import reads_of
from mavprep_analytics.questions.build import COUNTS, QUALITY_MODELS, build_quality
from mavprep_analytics.tables import TABLES, Layer

_TABLES = [name for name in QUALITY_MODELS if TABLES[name].layer is not Layer.STEP]


def _quality(
    _: dg.AssetExecutionContext, platform: Platform, parameters: Parameters
) -> list[Built]:
    return build_quality(platform.lake, platform.engine, parameters)


ASSETS = [
    built_asset("question_quality", _TABLES, reads_of(QUALITY_MODELS), _quality),
    sql_asset(COUNTS),
]
