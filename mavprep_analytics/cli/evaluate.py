"""`mavprep evaluate`: measures mastery models on a log of answers, side by side.

Imports stand inside the command: `mavprep --help` should not wait for numpy.
"""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mavprep_analytics.errors import Misconfigured

if TYPE_CHECKING:
    from rich.table import Table

    from mavprep_analytics.mastery.evaluation import Report


def evaluate(
    log: Annotated[
        Path,
        typer.Argument(
            help="Parquet file with the columns user, item, skill, correct and maybe ts."
        ),
    ],
    models: Annotated[
        str,
        typer.Option(help="Names, separated by commas; by default all that need no extra (pybkt)."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Write the calibration curves to this .html or .svg file.")
    ] = None,
) -> None:
    """Measure mastery and its rivals on a log of answers: each predicts tomorrow from the days before."""
    from mavprep_analytics.mastery import evaluation

    if plot is not None and plot.suffix not in (".html", ".svg"):
        raise Misconfigured(f"--plot {plot} is neither .html nor .svg", "Name a file of one kind")
    names = [name.strip() for name in models.split(",") if name.strip()]
    report = evaluation.evaluate(
        evaluation.read_log(log), names or evaluation.MODELS, time.perf_counter
    )
    if plot is not None:
        draw = (
            evaluation.calibration_drawing if plot.suffix == ".svg" else evaluation.calibration_page
        )
        plot.write_text(draw(report), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(report.document(), indent=2))
        return
    from rich.console import Console

    Console().print(_table(report))


def _table(report: "Report") -> "Table":
    from rich.table import Table

    table = Table(
        title=f"{report.scored:,} first answers of {report.students:,} students, {report.rows:,} in all"
    )
    table.add_column("model")
    for name in ("AUC", "log loss", "ECE", "80 % interval holds", "s per million"):
        table.add_column(name, justify="right")
    for m in report.models:
        held = "-" if m.coverage_80 is None else f"{m.coverage_80:.0%}"
        auc = "-" if m.auc is None else f"{m.auc:.3f}"
        table.add_row(
            m.name, auc, f"{m.log_loss:.3f}", f"{m.ece:.3f}", held, f"{m.seconds_per_million:.2f}"
        )
    return table
