"""`mavprep doctor` through the real command: what is well, what is not, and the code of the worst."""

from pathlib import Path

import pytest
from nights import Site, small_campus

pytestmark = pytest.mark.xdist_group("nights")


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_campus(tmp_path_factory.mktemp("campus") / "exports")


def test_a_site_that_is_ready(campus: Path, database_url: str, tmp_path: Path) -> None:
    seen = Site(campus, database_url, tmp_path / "home").prepare().command("doctor")
    assert seen.returncode == 0, seen.stderr
    subjects = [line.split()[1] for line in seen.stdout.splitlines()]
    assert subjects == ["postgres", "published", "exports", "lake", "write-back", "mail"]
    assert "nothing yet: run `mavprep run --as-of DATE`" in seen.stdout
    assert "FAIL" not in seen.stdout


@pytest.mark.parametrize(
    ("changes", "code", "line"),
    [
        ({}, 40, "FAIL postgres"),
        ({"MAVPREP_EXPORTS_URL": "/no/such/folder"}, 40, "FAIL exports"),
        ({"MAVPREP_LAKE_URL": "s3://"}, 40, "FAIL lake"),
        ({"MAVPREP_POSTGRES_URL": "postgresql://u:hunter2@127.0.0.1:9/d"}, 20, "127.0.0.1:9"),
        ({"MAVPREP_POSTGRES_URL": "mysql://u:hunter2@h/d"}, 40, "no postgresql:// address"),
    ],
)
def test_what_is_missing_is_one_line_each(
    campus: Path, database_url: str, tmp_path: Path, changes: dict[str, str], code: int, line: str
) -> None:
    seen = Site(campus, database_url, tmp_path / "home").command("doctor", **changes)
    assert seen.returncode == code, seen.stdout
    assert line in seen.stdout
    assert "published" not in seen.stdout, "a database without tables is told once"
    assert "hunter2" not in seen.stdout + seen.stderr
    assert "Traceback" not in seen.stderr
