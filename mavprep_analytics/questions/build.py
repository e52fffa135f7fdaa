"""Brings the tables of question quality up to date. Their order is known here; no arithmetic is."""

from collections.abc import Mapping

from mavprep_analytics.engine import Built, Engine, build_all
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake

QUESTION_TABLES = (
    "mastery_tree",
    "question_numbers",
    "first_attempts",
    "first_attempt_answers",
    "item_sums",
    "question_options",
    "question_statistics",
    "test_statistics",
    "question_counts",
)
"""In order of dependence; the first two are shared with mastery."""


def build_questions(lake: Lake, engine: Engine, parameters: Mapping[str, Parameter]) -> list[Built]:
    """Bring everything from first attempts to the published statistics up to date, and commit it.

    Args:
        lake: holds the catalogue, `eligible_attempts` and `graded_answers`.
        engine: what computes it.
        parameters: of `run_parameters`.

    Raises:
        InputMissing: the lake lacks one of those.
        Overtaken: another run committed one of the tables meanwhile.
    """
    return build_all(QUESTION_TABLES, lake, engine, parameters)
