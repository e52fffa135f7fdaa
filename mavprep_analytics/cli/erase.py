"""`mavprep erase USER`: take a student out of every published table and the outbox, and keep him out."""

from typing import TYPE_CHECKING, Annotated

import typer

from mavprep_analytics.settings import load_settings

if TYPE_CHECKING:
    from mavprep_analytics.publication.erasure import Erased


def erase(user: Annotated[str, typer.Argument(help="The student's user id.")]) -> None:
    """Delete a student's rows and list him, so that no export brings him back."""
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.publication.erasure import erase as erase_user

    typer.echo(summary(erase_user(postgres_url(load_settings()), user)))


def summary(erased: "Erased") -> str:
    """Say what was deleted, and what still expires elsewhere."""
    listed = "stood on the erasure list already" if erased.was_listed else "put on the erasure list"
    rows = [f"  {table:<32} {count:>8,} rows deleted" for table, count in erased.deleted.items()]
    head = listed if rows else f"{listed}; no table of Postgres had rows of this user"
    tail = "Lake versions, raw exports and backups that hold this user must expire within 30 days."
    return "\n".join([head, *rows, tail])
