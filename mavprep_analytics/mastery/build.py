"""Brings the mastery tables of a lake up to date. Which table needs which is known here; no arithmetic is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mavprep_analytics.engine import Built, Engine, build, build_all
from mavprep_analytics.engine.build import build_together, in_order
from mavprep_analytics.engine.files import Files
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery.chain import CHAIN, read_chain

BEFORE = (
    "mastery_tree",
    "question_numbers",
    "first_answers",
    "topic_results",
    "rated_answers",
    "question_rates",
    "node_rates",
)
READINGS = ("topic_mastery", "subject_mastery", "difficulty_mastery")
CHANGES = "mastery_changes"
READING_MODELS = ("mastery_nodes", CHAIN, *READINGS)
Parameters = Mapping[str, Parameter]


def build_mastery(lake: Lake, engine: Engine, parameters: Parameters) -> list[Built]:
    """Bring everything from first answers to the published readings up to date, and commit it.

    Args:
        lake: holds the catalogue, the core tables and `eligible_attempts`.
        engine: what computes it.
        parameters: of `run_parameters`.

    Raises:
        InputMissing: the lake lacks one of those.
        Overtaken: another run committed one of the tables meanwhile.
    """
    before = build_all(BEFORE, lake, engine, parameters)
    readings = build_readings(lake, engine, parameters)
    return [*before, *readings, build(CHANGES, lake, engine, parameters)]


def build_readings(lake: Lake, engine: Engine, parameters: Parameters) -> list[Built]:
    """Bring the readings up to date: sums of every node, then the chain, then each table."""
    return build_together(READING_MODELS, lake, engine, parameters, read_mastery)


def read_mastery(
    engine: Engine, models: Sequence[str], files: Files, parameters: Parameters, folder: Path
) -> Files:
    """Run the models of READING_MODELS in order, the chain once per depth of the tree."""
    nodes, _, *readings = models
    made = dict(in_order(engine, [nodes], files, parameters, folder))
    made[CHAIN] = read_chain(engine, made, parameters, folder)
    return in_order(engine, readings, made, parameters, folder)
