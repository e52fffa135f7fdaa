"""Runs the SQL models over lake tables: one text, two engines, and nothing twice.

`model` reads and checks the files, `portable` holds the rules of the shared subset, `engine` says what an
engine is, `duckdb_engine` and `spark_engine` are the two, `build` ties them to the lake, `night` tells whom
a night touched. What a number means is in the SQL, never here.
"""

from mavprep_analytics.engine.build import Built, build, build_all
from mavprep_analytics.engine.duckdb_engine import DuckDBEngine
from mavprep_analytics.engine.engine import Engine, Job
from mavprep_analytics.engine.fingerprint import InputMissing
from mavprep_analytics.engine.model import Model, ModelRefused, load_model, model_names
from mavprep_analytics.engine.parameters import run_parameters

__all__ = [
    "Built",
    "DuckDBEngine",
    "Engine",
    "InputMissing",
    "Job",
    "Model",
    "ModelRefused",
    "build",
    "build_all",
    "load_model",
    "model_names",
    "run_parameters",
]
