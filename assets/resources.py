"""Connections: one resource that opens what an asset needs from the MAVPREP_* variables, when a run starts."""

from functools import cached_property
from importlib.metadata import version

import dagster as dg

from mavprep_analytics.embedded import postgres_url
from mavprep_analytics.engine import DuckDBEngine, Engine
from mavprep_analytics.engine.spark_engine import SparkConnectEngine
from mavprep_analytics.lake import Lake
from mavprep_analytics.settings import Settings, load_settings


class Platform(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The run's settings, lake, engine and database, each opened on first use.

    Bad settings raise `Misconfigured` in the first asset, naming every variable at once.
    """

    @cached_property
    def settings(self) -> Settings:
        """The MAVPREP_* variables, validated."""
        return load_settings()

    @cached_property
    def lake(self) -> Lake:
        """The Parquet lake."""
        return Lake.open(self.settings.lake, self.settings.home / "scratch")

    @cached_property
    def engine(self) -> Engine:
        """The engine that runs the SQL models."""
        settings = self.settings
        if settings.engine != "duckdb":
            return SparkConnectEngine(settings.engine)
        return DuckDBEngine(settings.engine_memory, settings.engine_threads)

    @cached_property
    def database_url(self) -> str:
        """The Postgres URL; starts the embedded server when none is configured."""
        return postgres_url(self.settings)

    @property
    def code_version(self) -> str:
        """The installed version of this project, noted with each publication."""
        return version("mavprep-analytics")
