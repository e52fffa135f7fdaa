"""Brings the tables of question quality up to date. Their order is known here; no arithmetic is."""

from collections.abc import Mapping

from mavprep_analytics.engine import Built, Engine, build_all
from mavprep_analytics.engine.build import build_together
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake

SHARED = ("mastery_tree", "question_numbers")
QUALITY_MODELS = (
    "first_attempts",
    "sitting_answers",
    "repeated_answers",
    "item_sums",
    "question_options",
    "question_statistics",
    "test_statistics",
)
"""In order of dependence; the first three are steps."""
COUNTS = "question_counts"
Parameters = Mapping[str, Parameter]


def build_questions(lake: Lake, engine: Engine, parameters: Parameters) -> list[Built]:
    """Bring everything from first attempts to the published statistics up to date, and commit it.

    Args:
        lake: holds the catalogue, `core_attempts` and `eligible_attempts`.
        engine: what computes it.
        parameters: of `run_parameters`.

    Raises:
        InputMissing: the lake lacks one of those.
        Overtaken: another run committed one of the tables meanwhile.
    """
    shared = build_all(SHARED, lake, engine, parameters)
    quality = build_quality(lake, engine, parameters)
    return [*shared, *quality, *build_all([COUNTS], lake, engine, parameters)]


def build_quality(lake: Lake, engine: Engine, parameters: Parameters) -> list[Built]:
    """Bring the statistics of questions, options and tests up to date: they share their first attempts."""
    return build_together(QUALITY_MODELS, lake, engine, parameters)
