"""`mavprep dashboard`: serves the admin pages, and the public ones of the weekly report beside them.

Imports stand inside the command: `mavprep --help` should not wait for the web framework.
"""

from typing import Annotated

import typer


def dashboard(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    make_password: Annotated[
        bool,
        typer.Option(
            "--make-password", help="Ask for a password and print its hash for the users' list."
        ),
    ] = False,
) -> None:
    """Serve the dashboards; runs until interrupted."""
    from mavprep_analytics.dashboard.passwords import asked, make_hash
    from mavprep_analytics.settings import load_settings

    if make_password:
        typer.echo(make_hash(asked()))
        return
    from mavprep_analytics.dashboard.serve import database_of, serve
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.weekly_reports.public_pages import pages

    settings = load_settings()
    reports = pages(settings, postgres_url(settings))  # unsubscribing writes
    serve(
        settings,
        database_of(settings),
        host,
        port,
        announce=typer.echo,
        mounts=reports.routes,
        render_mail=reports.mail,
    )
