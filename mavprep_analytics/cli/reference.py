"""`mavprep reference`: the pages of docs/ that are generated from the declarations, so that they cannot lie."""

from pathlib import Path
from typing import Annotated

import typer

from mavprep_analytics.settings import PREFIX, Settings
from mavprep_analytics.tables import TABLES, Column, Table


def reference(
    out: Annotated[Path, typer.Argument(help="Folder to write the pages into.")] = Path("docs"),
) -> None:
    """Write settings.md and tables.md."""
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (out / name).write_text(text, encoding="utf-8")
        typer.echo(str(out / name))


def pages() -> dict[str, str]:
    """Return file name -> Markdown of every generated page."""
    return {"settings.md": settings_page(), "tables.md": tables_page()}


def settings_page() -> str:
    """Return the page of all environment variables."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(field.default)} | {_one_line(field.description or '')} |"
        for name, field in Settings.model_fields.items()
    ]
    head = ["# Settings", "", "| variable | default | meaning |", "|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def tables_page() -> str:
    """Return the page of all declared tables, in the order of the declarations."""
    return "\n\n".join(["# Tables", *(_table(table) for table in TABLES.values())]) + "\n"


def _table(table: Table) -> str:
    published = f" Published as `{table.postgres_name}`." if table.published else ""
    head = f"## {table.name}\n\n{table.layer} · {table.group}. {table.description}{published}"
    rows = [_column(table, column) for column in table.columns]
    return "\n".join([head, "", "| column | type | meaning |", "|---|---|---|", *rows])


def _column(table: Table, column: Column) -> str:
    key = " (key)" if column.name in table.key else ""
    words = [column.meaning]
    words += [f"Unit: {column.unit}."] if column.unit else []
    words += [f"One of {', '.join(column.allowed)}."] if column.allowed else []
    words += ["May be null."] if column.nullable else []
    words += [f"Personal: {column.pii}."] if column.pii != "none" else []
    return f"| `{column.name}`{key} | {column.type.postgres} | {_one_line(' '.join(words))} |"


def _default(value: object) -> str:
    return "" if value in (None, "") else f"`{value}`"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
