"""The wheel carries all that a run needs, and nothing shadows its packages."""

import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(folder),
            str(ROOT),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("folder", ["sql", "reports"])
def test_the_wheel_carries_every_packaged_file(wheel_names: set[str], folder: str) -> None:
    expected = {
        f"mavprep_analytics/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert expected
    assert expected <= wheel_names


def test_the_wheel_carries_both_packages_and_the_dagster_instance(wheel_names: set[str]) -> None:
    assert {
        "assets/cli.py",
        "assets/definitions.py",
        "assets/dagster.yaml",
        "mavprep_analytics/settings.py",
    } <= wheel_names


def test_no_other_distribution_provides_our_top_level_names() -> None:
    for name in ("assets", "mavprep_analytics"):
        assert packages_distributions().get(name, ["mavprep-analytics"]) == ["mavprep-analytics"]
