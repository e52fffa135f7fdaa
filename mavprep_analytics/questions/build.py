"""Brings the tables of question quality up to date. Their order is known here; no arithmetic is."""

from collections.abc import Mapping

from mavprep_analytics.engine import Built, Engine, build_all
from mavprep_analytics.engine.build import build_together
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake

BEFORE = ("mastery_tree", "question_numbers", "attempt_levels", "first_attempts")
SUM_MODELS = (
    "sittings",
    "sitting_answers",
    "repeated_answers",
    "sitting_totals",
    "sitting_sums",
    "item_sums",
    "item_totals",
    "answer_times",
)
"""In order of dependence; the first four are steps."""
AFTER = (
    "question_options",
    "question_statistics",
    "test_statistics",
    "answer_counts",
    "question_counts",
)
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
    before = build_all(BEFORE, lake, engine, parameters)
    sums = build_sums(lake, engine, parameters)
    return [*before, *sums, *build_all(AFTER, lake, engine, parameters)]


def build_sums(lake: Lake, engine: Engine, parameters: Parameters) -> list[Built]:
    """Bring the sums over first attempts up to date: they share the attempts' answers and totals."""
    return build_together(SUM_MODELS, lake, engine, parameters)
