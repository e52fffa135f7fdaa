"""`mavprep exports`: list what lies in S3, accept what was refused, ask for the next ones."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

app = typer.Typer(help="DynamoDB exports: list, accept, request.", no_args_is_help=True)


@app.command("list")
def list_exports() -> None:
    """Show every export below MAVPREP_EXPORTS_URL, its state, and the head of each chain."""
    from mavprep_analytics.exports.allowed import Allowed
    from mavprep_analytics.exports.discovery import discover
    from mavprep_analytics.exports.listing import listed
    from mavprep_analytics.exports.places import open_place
    from mavprep_analytics.exports.state import State
    from mavprep_analytics.lake import Lake
    from mavprep_analytics.settings import load_settings

    settings = load_settings()
    allowed = Allowed.of(settings)
    place = open_place(settings.exports, allowed.account)
    found = discover(place, settings.exports, allowed)
    exports, chains = listed(
        found, State.of(Lake.open(settings.lake, settings.home / "scratch").head())
    )
    typer.echo(
        _aligned(
            [("TABLE", "COVERS (UTC)", "ITEMS", "STATE", "EXPORT")]
            + [
                (
                    export.table_name,
                    export.covers,
                    "" if export.items is None else f"{export.items:,}",
                    f"{export.state}: {export.reason}" if export.reason else export.state,
                    export.folder,
                )
                for export in exports
            ]
        )
    )
    typer.echo()
    for chain in chains:
        head = (
            "nothing ingested" if chain.head is None else f"reaches {chain.head:%Y-%m-%d %H:%M:%S}"
        )
        typer.echo(f"{chain.table_name}: {head}, {chain.exports} exports")
        if chain.problem:
            typer.echo(f"  {chain.problem}")


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


@app.command()
def accept(
    export: Annotated[str, typer.Argument(help="Its ARN, id, `table/id` or folder.")],
    gap: Annotated[
        bool, typer.Option("--gap", help="Accept that time is missing before this window.")
    ] = False,
    filtered: Annotated[
        bool, typer.Option("--filtered", help="Declare it filtered: never part of a chain.")
    ] = False,
) -> None:
    """Accept a shrink (or a gap) that was refused, so that the next run takes the export."""
    from mavprep_analytics.errors import Misconfigured
    from mavprep_analytics.exports.declarations import Declaration, declare, named
    from mavprep_analytics.exports.discovery import discover
    from mavprep_analytics.exports.places import open_place
    from mavprep_analytics.lake import Lake
    from mavprep_analytics.settings import load_settings

    if gap and filtered:
        raise Misconfigured("--gap and --filtered exclude each other", "Give one of them")
    settings = load_settings()
    chosen = named(discover(open_place(settings.exports), settings.exports), export)
    kind = Declaration.GAP if gap else Declaration.FILTERED if filtered else Declaration.SHRINK
    lake = Lake.open(settings.lake, settings.home / "scratch")
    is_new = declare(lake, chosen, kind, by=getpass.getuser(), at=datetime.now(UTC))
    typer.echo(f"{chosen.base_name}: {kind} {'recorded' if is_new else 'was recorded before'}")


@app.command()
def request(
    table: Annotated[
        list[str] | None, typer.Option("--table", help="Table ARN; default: MAVPREP_EXPORT_TABLES.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="A full export of each table.")] = False,
    incremental: Annotated[
        bool, typer.Option("--incremental", help="Only windows since each chain's head.")
    ] = False,
    until: Annotated[
        datetime | None, typer.Option(help="UTC instant to reach; default: a minute ago.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until they are complete.")] = False,
) -> None:
    """Ask DynamoDB for exports that continue each chain without a gap.

    Without --full or --incremental: a full one of tables whose last is MAVPREP_EXPORT_FULL_DAYS old, else windows.
    """
    from mavprep_analytics.errors import Misconfigured
    from mavprep_analytics.exports.asking import request_exports
    from mavprep_analytics.lake import Lake
    from mavprep_analytics.settings import load_settings

    if full and incremental:
        raise Misconfigured("--full and --incremental exclude each other", "Give one of them")
    settings = load_settings()
    for export in request_exports(
        settings.exports,
        Lake.open(settings.lake, settings.home / "scratch"),
        table or settings.export_table_arns,
        kind="full" if full else "incremental" if incremental else "due",
        full_after=timedelta(days=settings.export_full_days),
        until=None if until is None else until.replace(tzinfo=UTC),
        now=datetime.now(UTC),
        wait=wait,
    ):
        typer.echo(f"{export.request.text}: {export.status} {export.export_arn}")
