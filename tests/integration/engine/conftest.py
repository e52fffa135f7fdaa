"""A Spark Connect server for these tests: Sail, in this process."""

import sys
import warnings
from collections.abc import Iterator

import pytest
from pysail.spark import SparkConnectServer

from mavprep_analytics.engine.spark_engine import SparkConnectEngine


@pytest.fixture(scope="session")
def spark_connect() -> Iterator[SparkConnectEngine]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = SparkConnectServer(ip="127.0.0.1", port=0)
        server.start(background=True)
        address = server.listening_address
        assert address is not None
        host, port = address
        engine = SparkConnectEngine(f"sc://{host}:{port}")
        yield engine
        engine.close()
        server.stop()


@pytest.fixture(autouse=True)
def main_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the main module of a test worker a file: without one, PySpark believes that it runs its doctests."""
    main = sys.modules["__main__"]
    if not hasattr(main, "__file__"):
        monkeypatch.setattr(main, "__file__", __file__, raising=False)
