"""`mavprep simulate` as a user types it."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from mavprep_analytics.cli.simulate import simulate
from mavprep_analytics.errors import Misconfigured

app = typer.Typer()
app.command()(simulate)


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(word) for word in arguments])
    if result.exception:
        raise result.exception
    return result.output


def test_it_says_what_was_written_and_how_to_run_the_night(tmp_path: Path) -> None:
    arguments = ("--students", "4", "--weeks", "1", "--seed", "2", "--until", "2026-03-01")
    output = run(*arguments, "--out", tmp_path)
    assert "answers of 4 students" in output
    assert "MavPrep-Progress" in output
    assert f"mavprep db load-catalogue {tmp_path}/catalogue" in output
    assert f"MAVPREP_EXPORTS_URL={tmp_path} mavprep run --as-of 2026-03-01" in output
    assert "already there, nothing written" in run(*arguments, "--out", tmp_path)


def test_nights_reach_the_description(tmp_path: Path) -> None:
    run("--students", "2", "--weeks", "1", "--nightly", "2", "--out", tmp_path)
    assert '"nights": 2' in (tmp_path / "campus.json").read_text()


def test_another_campus_in_the_folder_is_one_clear_error(tmp_path: Path) -> None:
    run("--students", "2", "--weeks", "1", "--out", tmp_path)
    with pytest.raises(Misconfigured, match=r"holds another campus .* Choose an empty"):
        run("--students", "3", "--weeks", "1", "--out", tmp_path)


def test_an_absent_log_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"no answer log at .*gone\.parquet"):
        run("--from-log", tmp_path / "gone.parquet", "--out", tmp_path / "out")
