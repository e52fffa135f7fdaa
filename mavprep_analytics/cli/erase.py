"""`mavprep erase USER`: take a student out of tables, lake and written mails, and keep him out."""

from typing import TYPE_CHECKING, Annotated

import typer

from mavprep_analytics.errors import Overtaken
from mavprep_analytics.settings import Settings, load_settings

if TYPE_CHECKING:
    from mavprep_analytics.publication.erasure import Erased

_EXPIRES = (
    "Older lake versions, raw exports and backups that hold this user must expire within 30 days."
)


def erase(user: Annotated[str, typer.Argument(help="The student's user id.")]) -> None:
    """Take a student out of everything, for good."""
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.publication.erasure import erase as erase_user
    from mavprep_analytics.weekly_reports.backends.written_mails import forget_mails

    settings = load_settings()
    erased = erase_user(postgres_url(settings), user)
    typer.echo(summary(erased, forget_mails(settings.reports, user)))
    typer.echo(_forget_in_lake(settings))
    typer.echo(_EXPIRES)


def summary(erased: "Erased", mails: int = 0) -> str:
    """Say what was deleted."""
    listed = "stood on the erasure list already" if erased.was_listed else "put on the erasure list"
    rows = [f"  {table:<32} {count:>8,} rows deleted" for table, count in erased.deleted.items()]
    rows += [f"  {'written mails':<32} {mails:>8,} deleted"] if mails else []
    head = listed if rows else f"{listed}; no table of Postgres had rows of this user"
    return "\n".join([head, *rows])


def _forget_in_lake(settings: Settings) -> str:
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.exports.forgetting import forget
    from mavprep_analytics.lake import Lake
    from mavprep_analytics.publication.erasure import erased_users

    lake = Lake.open(settings.lake, settings.home / "scratch")
    before = lake.head().number
    try:
        after = forget(lake, erased_users(postgres_url(settings)).among).number
    except Overtaken:
        return "a run is at work on the lake; the next one takes this user out of it"
    if after == before:
        return "the lake's newest version has no item of this user"
    return (
        f"lake version {after} has no item of this user; the next mavprep run mends what others see"
    )
