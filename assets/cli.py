"""The `mavprep` command: the composition root. Commands that need no Dagster stand in `mavprep_analytics.cli`.

Every error of the library's tree ends as one line on stderr and its exit code; `--verbose` adds the traceback.
"""

import errno
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from typer import Abort, BadParameter

from mavprep_analytics.cli.dashboard import dashboard
from mavprep_analytics.cli.database import app as database_app
from mavprep_analytics.cli.doctor import doctor
from mavprep_analytics.cli.ending import Stopped, end_at_once
from mavprep_analytics.cli.erase import erase
from mavprep_analytics.cli.evaluate import evaluate
from mavprep_analytics.cli.exports import app as exports_app
from mavprep_analytics.cli.reference import reference
from mavprep_analytics.cli.reports import app as reports_app
from mavprep_analytics.cli.simulate import simulate
from mavprep_analytics.errors import MavprepError, Misconfigured, Temporary
from mavprep_analytics.settings import load_settings

UsageError: type[Exception] = BadParameter.__mro__[1]
"""Any mistake in the words of a command: the parent class of typer's BadParameter."""

app = typer.Typer(
    name="mavprep",
    help="Nightly learner analytics for MavPrep.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(database_app, name="db")
app.add_typer(exports_app, name="exports")
app.add_typer(reports_app, name="reports")
app.command()(simulate)
app.command()(evaluate)
app.command()(dashboard)
app.command()(erase)
app.command()(doctor)
app.command(hidden=True)(reference)

AsOf = Annotated[
    datetime,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help="The date D: all exported up to D 24:00 UTC."
    ),
]


@app.callback()
def _root(
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the traceback of an error.")
    ] = False,
) -> None:
    """Accept --verbose before the command too; `main` reads it from the arguments."""


@app.command()
def run(as_of: AsOf) -> None:
    """Run the night of a date, exports to write-back."""
    settings = load_settings()
    from assets.instance import use_instance

    use_instance(settings)
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.publication.only_run import only_run

    with only_run(postgres_url(settings)):  # before Dagster is imported, which takes seconds
        from assets.runs import run_night

        typer.echo(run_night(settings, as_of.date()))


@app.command()
def demo(
    students: Annotated[int, typer.Option(help="Students of the simulated campus.")] = 2000,
    weeks: Annotated[int, typer.Option(help="Weeks that they study.")] = 12,
) -> None:
    """Run everything on a simulated campus."""
    from assets.demo import run_demo

    run_demo(load_settings(), students, weeks)


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000) -> None:
    """Serve the Dagster UI of the demo."""
    from assets.demo import serve_ui

    serve_ui(load_settings(), port)


@app.command(name="demo-dashboard")
def demo_dashboard(port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8000) -> None:
    """Serve the dashboards of the demo."""
    from assets.demo import serve_dashboard

    serve_dashboard(load_settings(), port)


@app.command()
def stop() -> None:
    """Stop the demo's servers; their data stays."""
    from assets.demo import stop_servers

    stop_servers(load_settings())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the code that the outcome stands for."""
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    verbose = "--verbose" in given
    end_at_once()
    try:
        code = app(args=[word for word in given if word != "--verbose"], standalone_mode=False)
    except (Abort, KeyboardInterrupt):
        sys.exit(130)
    except Stopped:
        _fail(Temporary("stopped by a signal", "Run again"), verbose=verbose)
    except UsageError as error:
        _fail(_usage(error), verbose=verbose)
    except Exception as error:  # noqa: BLE001 - the last stop: only our own tree becomes one line
        _fail(_cause(error), verbose=verbose)
    else:
        sys.exit(code or 0)


def _usage(error: Any) -> MavprepError:
    command = error.ctx.command_path if error.ctx else "mavprep"
    told = error.format_message().replace("Value error, ", "").rstrip(".")
    if told.startswith("Usage:"):  # a group without a command: this is its help
        typer.echo(told)
        sys.exit()
    return Misconfigured(told, f"See `{command} --help`")


def _cause(error: BaseException) -> MavprepError:
    """Return the library error behind an exception, through what Dagster wraps around it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MavprepError):
            return seen
        if full := next((words for words in _FULL if words in str(seen)), None):
            return _full_disk(seen, full)
        if isinstance(seen, OSError) and seen.filename is not None:
            return _of_a_file(seen)
        seen = getattr(seen, "user_exception", None) or seen.__cause__
    raise error


_FULL = ("No space left on device", "Disk quota exceeded", "disk is full", "File too large")
"""How the system, Arrow, DuckDB and SQLite each say that something could not be written."""


def _full_disk(error: BaseException, words: str) -> MavprepError:
    target = getattr(error, "filename2", None) or getattr(error, "filename", None)
    return Temporary(
        f"{target or 'a disk'}: {words}",
        "Make room where MAVPREP_HOME, MAVPREP_LAKE_URL and TMPDIR lie, and run again",
    )


def _of_a_file(error: OSError) -> MavprepError:
    """Say what the operating system refused: too many files may be closed, a path is for a person."""
    told = f"{error.filename}: {error.strerror}"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return Temporary(told, "Close what else has files open, and run again")
    return Misconfigured(told, "Check the path and its permissions; --verbose shows where")


def _fail(error: MavprepError, *, verbose: bool) -> None:
    if verbose:
        traceback.print_exc()
    sys.stderr.write(f"mavprep: {error}\n")
    sys.exit(error.exit_code)
