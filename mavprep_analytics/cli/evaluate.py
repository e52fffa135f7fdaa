"""`mavprep evaluate`: measures mastery on a log of answers, beside other models, or on a campus, beside the truth.

Imports stand inside the commands: `mavprep --help` should not wait for numpy.
"""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import load_settings

if TYPE_CHECKING:
    from rich.table import Table

    from mavprep_analytics.mastery.evaluation import Held, Report


def evaluate(
    log: Annotated[
        Path | None,
        typer.Argument(
            help="Parquet file with the columns user, item, skill, correct and maybe ts."
        ),
    ] = None,
    models: Annotated[
        str,
        typer.Option(help="Names, separated by commas; by default all that need no extra (pybkt)."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Write the calibration curves to this .html or .svg file.")
    ] = None,
    campus: Annotated[
        Path | None,
        typer.Option(help="Instead of a log: a simulated campus whose night has been run."),
    ] = None,
) -> None:
    """Measure mastery and its rivals on a log of answers: each predicts tomorrow from the days before."""
    if (log is None) == (campus is None):
        raise Misconfigured(
            "there is nothing, or two things, to measure on", "Name a log or --campus"
        )
    if plot is not None and plot.suffix not in (".html", ".svg"):
        raise Misconfigured(f"--plot {plot} is neither .html nor .svg", "Name a file of one kind")
    if campus is not None:
        held = _on_campus(campus)
        _tell({"groups": [asdict(group) for group in held]}, _truth_table(held), as_json)
    elif log is not None:
        report = _on_log(log, [name.strip() for name in models.split(",") if name.strip()], plot)
        _tell(report.document(), _model_table(report), as_json)


def _on_log(log: Path, names: list[str], plot: Path | None) -> "Report":
    from mavprep_analytics.mastery import evaluation

    wanted = names or list(evaluation.MODELS)
    report = evaluation.evaluate(evaluation.read_log(log), wanted, time.perf_counter)
    if plot is not None:
        alone = plot.suffix == ".svg"
        draw = evaluation.calibration_drawing if alone else evaluation.calibration_page
        plot.write_text(draw(report), encoding="utf-8")
    return report


def _on_campus(campus: Path) -> "list[Held]":
    import pyarrow.parquet as pq

    from mavprep_analytics.lake import Lake
    from mavprep_analytics.mastery import evaluation

    truth = campus / "truth.parquet"
    if not truth.is_file():
        raise Misconfigured(f"{campus} has no truth.parquet", "Name a folder of mavprep simulate")
    settings = load_settings()
    lake = Lake.open(settings.lake, settings.home / "scratch")
    entry = lake.head().tables.get("topic_mastery")
    if entry is None:
        raise Misconfigured("the lake holds no mastery", "Run the campus first: mavprep run")
    return evaluation.held_truth(lake.read(entry), pq.read_table(truth))


def _tell(document: object, table: "Table", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, indent=2))
        return
    from rich.console import Console

    Console().print(table)


def _model_table(report: "Report") -> "Table":
    from rich.table import Table

    table = Table(
        title=f"{report.scored:,} first answers of {report.students:,} students, {report.rows:,} in all"
    )
    table.add_column("model", no_wrap=True)
    for name in ("AUC", "log loss", "ECE", "80 % interval holds", "s per million"):
        table.add_column(name, justify="right")
    for m in report.models:
        held = "-" if m.coverage_80 is None else f"{m.coverage_80:.0%}"
        auc = "-" if m.auc is None else f"{m.auc:.3f}"
        table.add_row(
            m.name, auc, f"{m.log_loss:.3f}", f"{m.ece:.3f}", held, f"{m.seconds_per_million:.2f}"
        )
    return table


def _truth_table(held: "list[Held]") -> "Table":
    from rich.table import Table

    table = Table(title="Mastery of a student and topic against the true chance")
    table.add_column("readings", no_wrap=True)
    for name in (
        "number",
        "80 % holds the day",
        "±",
        "holds the mean of days",
        "bias",
        "off",
        "width",
    ):
        table.add_column(name, justify="right")
    for h in held:
        table.add_row(
            h.group,
            f"{h.readings:,}",
            f"{h.coverage_80:.1%}",
            "-" if h.coverage_error is None else f"{h.coverage_error:.1%}",
            f"{h.coverage_lasting:.1%}",
            f"{h.bias:+.3f}",
            f"{h.mean_error:.3f}",
            f"{h.mean_width:.3f}",
        )
    return table
