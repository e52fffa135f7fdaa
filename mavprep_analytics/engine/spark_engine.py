"""The distributed engine: any Spark Connect server (Apache Spark, managed Spark, Sail). Needs the extra `distributed`.

The server must see the lake's files under the same paths as this process.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mavprep_analytics.engine.engine import Job
from mavprep_analytics.engine.model import ModelRefused, Step
from mavprep_analytics.engine.output import write_parquet
from mavprep_analytics.engine.statement import statement
from mavprep_analytics.errors import Misconfigured, Temporary

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession


class SparkConnectEngine:
    """A Spark Connect server.

    Args:
        url: `sc://host:port`.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: SparkSession | None = None

    def run(self, job: Job, output: Path) -> int:
        """See Engine."""
        from pyspark.errors.exceptions.connect import (  # noqa: PLC0415 - an optional extra
            SparkConnectException,
            SparkConnectGrpcException,
        )

        try:
            return self._compute(job, output)
        except SparkConnectGrpcException as error:
            if type(error) is not SparkConnectGrpcException:
                raise self._failed(job, error) from error
            raise Temporary(
                f"{self._url} did not answer: {_first_line(error)}", "Run again"
            ) from error
        except SparkConnectException as error:
            raise self._failed(job, error) from error

    def close(self) -> None:
        """End the session on the server, if one was opened; the next run opens another."""
        if self._session is not None:
            self._session.stop()
            self._session = None

    def _compute(self, job: Job, output: Path) -> int:
        spark = self._connected()
        for name, paths in job.inputs.items():
            files = [str(path) for path in paths]
            spark.read.parquet(*files).createOrReplaceTempView(name)
        *steps, last = job.model.steps
        for step in steps:
            self._define(spark, job, step)
        order = () if last.is_ordered else job.table.order
        result = spark.sql(statement(last, job.parameters, "spark", order)).toArrow()
        return write_parquet(job.table, result.to_batches(), output)

    def _define(self, spark: "SparkSession", job: Job, step: Step) -> None:
        frame = spark.sql(statement(step, job.parameters, "spark"))
        frame.createOrReplaceTempView(step.name)

    def _connected(self) -> "SparkSession":
        if self._session is None:
            try:
                from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - optional
            except ImportError:
                raise Misconfigured(
                    f"the engine {self._url} needs the extra `distributed`",
                    "pip install 'mavprep-analytics[distributed]'",
                ) from None
            self._session = SparkSession.builder.remote(self._url).getOrCreate()
            self._session.conf.set("spark.sql.session.timeZone", "UTC")
        return self._session

    def _failed(self, job: Job, error: Any) -> ModelRefused:
        return ModelRefused(
            f"{job.model.name}.sql failed on {self._url}: {_first_line(error)}", "Correct the model"
        )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
