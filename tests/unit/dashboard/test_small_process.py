"""The web process stays small: it loads neither engine nor cloud libraries, whatever the batch around it needs."""

import subprocess
import sys

CODE = """
import sys
import assets.cli
from mavprep_analytics.dashboard import serve
from mavprep_analytics.weekly_reports import public_pages
heavy = {"boto3", "botocore", "duckdb", "dagster", "pandas", "sqlglot"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_pages_load_neither_engine_nor_cloud_libraries() -> None:
    found = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == "[]"
