"""`mavprep db`: make or upgrade the tables in Postgres, and load a campus's catalogue into them."""

from pathlib import Path
from typing import Annotated

import typer

from mavprep_analytics.settings import load_settings

app = typer.Typer(help="Tables in Postgres.", no_args_is_help=True)


@app.command()
def upgrade(
    with_catalogue: Annotated[
        bool,
        typer.Option(
            "--with-catalogue", help="First make MavPrep's own catalogue tables (demo, tests)."
        ),
    ] = False,
) -> None:
    """Bring the database to this version's tables; does nothing where they stand already."""
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.postgres import place
    from mavprep_analytics.publication import migrations

    url = postgres_url(load_settings())
    applied = migrations.upgrade(url, with_catalogue=with_catalogue)
    done = f"{len(applied)} migrations applied" if applied else "already up to date"
    typer.echo(f"{place(url)}: {done}")


@app.command()
def reader() -> None:
    """Make or renew the role that the dashboards read with; asks for its password. Again after an upgrade."""
    from mavprep_analytics.dashboard.passwords import asked
    from mavprep_analytics.dashboard.reader_role import READER, make_reader
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.postgres import place

    url = postgres_url(load_settings())
    make_reader(url, asked())
    typer.echo(f"{place(url)}: {READER} may read what the dashboards show, and nothing else")


@app.command("load-catalogue")
def load_catalogue(
    folder: Annotated[Path, typer.Argument(help="The catalogue folder that simulate wrote.")],
) -> None:
    """Load subjects, topics, questions, tests and videos of a simulated campus."""
    from mavprep_analytics.campus.load_catalogue import load_catalogue as load
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.postgres import explained, place, session

    url = postgres_url(load_settings())
    with session(url) as connection, explained(place(url)):
        written = load(connection, folder)
    for table, rows in written.items():
        typer.echo(f"{table:<18} {rows:>8,} rows written")
