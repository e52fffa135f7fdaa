"""The demo: the whole job on a simulated campus and embedded services, as one command.

It strings together what a user runs by hand: `simulate`, `db upgrade`, `run`, `reports send`.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import boto3
import typer

from assets.demo_services import start_services, stop_services, upload_exports
from assets.demo_summary import summary
from assets.instance import use_instance
from assets.runs import run_night
from mavprep_analytics.campus.campus_folder import CampusWritten
from mavprep_analytics.campus.dynamodb_items import load_reputation_items
from mavprep_analytics.campus.load_catalogue import load_catalogue
from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus
from mavprep_analytics.cli.dashboard import dashboard
from mavprep_analytics.cli.reports import send
from mavprep_analytics.dashboard.reader_role import reader_url
from mavprep_analytics.embedded import postgres_url
from mavprep_analytics.errors import NothingNew
from mavprep_analytics.periods import week_start
from mavprep_analytics.postgres import session
from mavprep_analytics.publication import newest
from mavprep_analytics.publication.migrations import upgrade
from mavprep_analytics.settings import Settings

SEED = 1
LAST_DAY = date(2026, 11, 15)


def run_demo(settings: Settings, students: int, weeks: int) -> None:
    """Run the demo below the settings' home, reusing what an earlier one left there."""
    started = time.monotonic()
    with _step("start Postgres and AWS endpoints"):
        settings = start_services(settings)
    campus = settings.home / f"campus-{students}x{weeks}"
    with _step(f"simulate {students:,} students for {weeks} weeks"):
        written = _simulate(campus, students, weeks)
    with _step("put the exports into S3"):
        uploaded = upload_exports(campus)
    with _step("load the catalogue into Postgres, the reputation items into DynamoDB"):
        _load(settings, campus)
    _night(settings, LAST_DAY - timedelta(days=7))
    _night(settings, LAST_DAY)
    _send_reports(week_start(LAST_DAY))
    typer.echo(summary(settings, written, uploaded, LAST_DAY))
    typer.echo(
        f"\nDone in {time.monotonic() - started:.0f} s. Next: make ui, make dashboard, make stop"
    )


def serve_ui(settings: Settings, port: int) -> None:
    """Replace this process by `dagster dev` on the demo's instance and services."""
    settings = start_services(settings)
    use_instance(settings)
    dagster = Path(sys.executable).with_name("dagster")
    typer.echo(f"Dagster UI: http://127.0.0.1:{port}")
    command = ["dev", "-m", "assets.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(dagster, [str(dagster), *command])  # noqa: S606


def serve_dashboard(settings: Settings, port: int) -> None:
    """Serve the dashboards on the demo's database, as the role that only reads, until interrupted."""
    owner = postgres_url(start_services(settings))
    os.environ.setdefault("MAVPREP_DASHBOARD_POSTGRES_URL", reader_url(owner))
    dashboard(port=port)


def stop_servers(settings: Settings) -> None:
    """Stop the embedded servers of this home."""
    stop_services(settings.home.resolve())
    typer.echo(f"the servers of {settings.home.resolve()} are stopped; their data stays")


def _simulate(campus: Path, students: int, weeks: int) -> CampusWritten:
    return simulate_campus(CampusPlan(students, weeks, SEED, LAST_DAY, nights=7), campus)


def _load(settings: Settings, campus: Path) -> None:
    url = postgres_url(settings)
    upgrade(url, with_catalogue=True)
    with session(url) as connection:
        load_catalogue(connection, campus / "catalogue")
    load_reputation_items(boto3.client("dynamodb"), campus)


def _night(settings: Settings, as_of: date) -> None:
    use_instance(settings)
    typer.echo(f"\n== mavprep run --as-of {as_of}")
    published = newest(postgres_url(settings))
    if published is not None and published.as_of > as_of:
        typer.echo(
            f"published before; publication {published.sequence} of {published.as_of} stands"
        )
        return
    with _nothing_new_is_fine():
        typer.echo(run_night(settings, as_of))


def _send_reports(week: date) -> None:
    typer.echo(f"\n== mavprep reports send --week {week}")
    with _nothing_new_is_fine():
        send(week=str(week), now="", dry_run=False)


@contextmanager
def _nothing_new_is_fine() -> Iterator[None]:
    try:
        yield
    except NothingNew as outcome:
        typer.echo(str(outcome))


@contextmanager
def _step(what: str) -> Iterator[None]:
    typer.echo(f"== {what} … ", nl=False)
    started = time.monotonic()
    yield
    typer.echo(f"{time.monotonic() - started:.1f} s")
