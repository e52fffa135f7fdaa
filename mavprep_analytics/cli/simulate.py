"""`mavprep simulate`: a campus whose true abilities are known, or a real answer log, as exports and catalogue.

Imports stand inside the command: `mavprep --help` should not wait for NumPy and Arrow.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mavprep_analytics.campus.campus_folder import CampusWritten


def simulate(
    out: Annotated[
        Path, typer.Option(help="Folder to write; it then is a valid MAVPREP_EXPORTS_URL.")
    ],
    students: Annotated[int, typer.Option(help="Students of the campus.")] = 200,
    weeks: Annotated[int, typer.Option(help="Weeks of study that end with --until.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Last day of the campus.", show_default="2026-11-15"
        ),
    ] = None,
    nightly: Annotated[int, typer.Option(help="Write the last K days as incremental exports.")] = 0,
    from_log: Annotated[
        Path | None, typer.Option(help="Convert this Parquet answer log instead of simulating.")
    ] = None,
) -> None:
    """Write a campus as AWS exports and catalogue."""
    from mavprep_analytics.campus.campus_folder import DEFAULT_UNTIL

    last_day = DEFAULT_UNTIL if until is None else until.date()
    with _progress_bar() as progress:
        if from_log is not None:
            from mavprep_analytics.campus.answer_log import LogPlan, convert_log

            written = convert_log(LogPlan(from_log, last_day), out, progress)
        else:
            from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus

            plan = CampusPlan(students, weeks, seed, last_day, nightly)
            written = simulate_campus(plan, out, progress)
    typer.echo(_summary(written))


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("students")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(written: "CampusWritten") -> str:
    description = written.description
    counts = description["counts"]
    assert isinstance(counts, dict)
    head = "already there, nothing written" if written.was_there else "written"
    lines = [
        f"{written.folder}: {head}; {counts['answers']:,} answers of {description['students']:,} students"
    ]
    lines += [f"  {table:<20} {count:>12,} items" for table, count in counts["items"].items()]
    lines += [
        f"  catalogue {table:<18} {count:>4,} rows" for table, count in counts["catalogue"].items()
    ]
    lines += [
        "Next, with a database of its own:",
        "  mavprep db upgrade --with-catalogue",
        f"  mavprep db load-catalogue {written.folder}/catalogue",
        f"  MAVPREP_EXPORTS_URL={written.folder} mavprep run --as-of {_as_of(description)}",
    ]
    return "\n".join(lines)


def _as_of(description: dict[str, object]) -> date:
    return date.fromisoformat(str(description["as_of"]))
