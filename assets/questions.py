"""Group `questions`: quality of questions, options and tests over first attempts, and plain counts over all."""

import dagster as dg

from assets.models import Parameters, built_asset, sql_asset
from assets.resources import Platform
from mavprep_analytics.engine import Built
from mavprep_analytics.engine.fingerprint import reads_of
from mavprep_analytics.questions.build import SUM_MODELS, build_sums
from mavprep_analytics.tables import TABLES, Layer, questions

_SUMS = [name for name in SUM_MODELS if TABLES[name].layer is not Layer.STEP]


def _sums(_: dg.AssetExecutionContext, platform: Platform, parameters: Parameters) -> list[Built]:
    return build_sums(platform.lake, platform.engine, parameters)


ASSETS = [
    built_asset("question_sums", _SUMS, reads_of(SUM_MODELS), _sums),
    *(sql_asset(table.name) for table in questions.TABLES if table.name not in SUM_MODELS),
]
