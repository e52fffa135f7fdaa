"""`mavprep reports`: send the weekly reports, look at them before and after, explain every number."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mavprep_analytics.cli.ending import heard
from mavprep_analytics.errors import Misconfigured, NothingNew, Temporary
from mavprep_analytics.settings import Settings, load_settings

if TYPE_CHECKING:
    from mavprep_analytics.weekly_reports.delivery import Delivered, Mailer
    from mavprep_analytics.weekly_reports.outbox import NewReport, Outbox, Stored
    from mavprep_analytics.weekly_reports.prepare import Source
    from mavprep_analytics.weekly_reports.rehearsal import Rehearsed

app = typer.Typer(help="Weekly reports by mail.", no_args_is_help=True)

Week = Annotated[str, typer.Option(help="Monday of the reported week, e.g. 2026-11-09.")]
User = Annotated[str, typer.Argument(help="The student's user id.")]


@app.command()
def send(
    week: Week,
    now: Annotated[
        str, typer.Option(help="Act as if it were this instant, ISO 8601; default: the clock.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write and send nothing.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="Send although this examination failed, e.g. volume; may be repeated."),
    ] = None,
    despite_bounces: Annotated[
        bool,
        typer.Option("--despite-bounces", help="Send although bounces or complaints stopped it."),
    ] = False,
) -> None:
    """Freeze the week's reports and send those that are due."""
    from mavprep_analytics.weekly_reports import service
    from mavprep_analytics.weekly_reports.release import NAMES
    from mavprep_analytics.weekly_reports.schedule import monday

    settings, chosen, instant = load_settings(), monday(_day(week)), _instant(now)
    for name in accept or ():
        if name not in NAMES:
            raise Misconfigured(f"--accept {name} names no examination", f"Use {', '.join(NAMES)}")
    with service.open_outbox(settings) as outbox:
        found = service.source(settings, outbox, chosen)
        if dry_run:
            _rehearse(settings, outbox, found, chosen, instant)
            return
        mailer = service.mailer(settings, outbox, chosen)
        mailer.minds_health = not despite_bounces
        added = _release(mailer, found, chosen, instant, accept or [])
        done = _deliver(mailer, chosen, instant)
        waiting = outbox.buckets(chosen)
    if settings.email_backend == "file" and done.sent:
        typer.echo(f"Leaf through {settings.reports / chosen.isoformat() / 'index.html'}")
    _conclude(done, chosen, added, waiting)


def _rehearse(
    settings: Settings, outbox: "Outbox", found: "Source", week: date, now: datetime
) -> None:
    from mavprep_analytics.weekly_reports import service
    from mavprep_analytics.weekly_reports.rehearsal import rehearse

    consents, letterhead = service.consents(settings), service.letterhead(settings)
    with _progress("rehearsing") as tick:
        told = rehearse(found, outbox, consents, letterhead, week, now, tick)
    typer.echo(_rehearsed(told))


def _release(
    mailer: "Mailer", found: "Source", week: date, now: datetime, accept: list[str]
) -> int:
    """Freeze and examine the week; return how many reports are new."""
    from mavprep_analytics.weekly_reports.prepare import prepare
    from mavprep_analytics.weekly_reports.release import examine, require_released

    with _progress("preparing") as tick:
        prepared = prepare(found, mailer.outbox, week, tick)
    typer.echo(
        f"week of {week}: audience {prepared.audience:,}, "
        f"{prepared.added:,} reports frozen now, {prepared.kept:,} before"
    )
    if prepared.failed:
        typer.echo(f"{prepared.failed:,} could not be chosen: see mavprep reports status")
    findings = examine(found, mailer.outbox, mailer.letterhead, week, now)
    require_released(findings, accept, reaches_people=mailer.backend.has_deadline)
    return prepared.added


def _deliver(mailer: "Mailer", week: date, now: datetime) -> "Delivered":
    from mavprep_analytics.weekly_reports.delivery import deliver

    with _progress("sending", mailer.outbox.counts(week)["ready"]) as tick, heard() as told:
        mailer.tick, mailer.is_stopping, mailer.sleep = tick, told.is_set, told.wait
        done = deliver(mailer, week, now)
    typer.echo(_told(done))
    typer.echo(_states(mailer.outbox.counts(week)))
    return done


def _conclude(
    done: "Delivered", week: date, added: int, waiting: list[tuple[datetime, int]]
) -> None:
    """Raise what the run's exit code says: cut short, held back, or nothing to do."""
    from mavprep_analytics.weekly_reports.delivery import require_complete

    require_complete(done)
    if done.held_by and not done.tried:
        raise Temporary(f"the week of {week} is held back by {done.held_by}", "Run again then")
    if done.is_nothing and not added:
        if waiting:
            reports = sum(count for _, count in waiting)
            raise NothingNew(
                f"{reports:,} reports of the week of {week} are not due yet",
                f"The first go at {waiting[0][0].astimezone(UTC):%Y-%m-%d %H:%M} UTC",
            )
        raise NothingNew(f"no report of the week of {week} is left to send", "")


@app.command()
def preview(
    user: User,
    week: Week,
    out: Annotated[Path | None, typer.Option(help="Write the HTML part here as well.")] = None,
) -> None:
    """Print a student's mail as plain text, without sending or freezing anything."""
    from mavprep_analytics.weekly_reports import service
    from mavprep_analytics.weekly_reports.rehearsal import preview as look
    from mavprep_analytics.weekly_reports.schedule import monday

    settings, chosen = load_settings(), monday(_day(week))
    with service.open_outbox(settings) as outbox:
        message = look(
            service.source(settings, outbox, chosen),
            outbox,
            service.consents(settings),
            service.letterhead(settings),
            chosen,
            user,
            datetime.now(UTC),
        )
    typer.echo(f"Subject: {message.subject}\n\n{message.text}")
    if out is not None:
        out.write_text(message.html, encoding="utf-8")
        typer.echo(f"HTML: {out}")


@app.command()
def explain(user: User, week: Week) -> None:
    """Print every number of a student's report with its table, row and definition."""
    from mavprep_analytics.weekly_reports import service
    from mavprep_analytics.weekly_reports.explain import explain as trace
    from mavprep_analytics.weekly_reports.explain import table_of
    from mavprep_analytics.weekly_reports.language import language
    from mavprep_analytics.weekly_reports.payload import decode
    from mavprep_analytics.weekly_reports.rehearsal import unfrozen
    from mavprep_analytics.weekly_reports.schedule import monday

    settings, chosen = load_settings(), monday(_day(week))
    with service.open_outbox(settings) as outbox:
        stored = outbox.report(chosen, user)
        if stored is None:
            refusal = service.consents(settings).read([user])[user].refusal
            found = service.source(settings, outbox, chosen)
            report: NewReport | Stored = unfrozen(found, chosen, user, refusal)
        else:
            report = stored
    rows = list(trace(decode(report.payload), user, language(report.language)))
    status = stored.status if stored else "not frozen yet"
    typer.echo(f"{report.subject} ({status}, lake version {report.lake_version})")
    typer.echo(table_of(rows))


@app.command()
def status(week: Week) -> None:
    """Show how many reports are in which state and why, and list the unknown ones."""
    from mavprep_analytics.weekly_reports import service
    from mavprep_analytics.weekly_reports.schedule import monday

    chosen = monday(_day(week))
    with service.open_outbox(load_settings()) as outbox:
        typer.echo(_states(outbox.counts(chosen)))
        for state, why, reports in outbox.reasons(chosen):
            if why:
                typer.echo(f"  {state:<10} {reports:>9,}  {why}")
        for user, reason, claimed_at in outbox.unknown(chosen):
            typer.echo(f"unknown: {user}, tried {claimed_at:%Y-%m-%d %H:%M} UTC, {reason}")


@app.command()
def resolve(
    user: User,
    week: Week,
    outcome: Annotated[
        str, typer.Option("--as", help="sent, failed, or retry to send it once more.")
    ],
) -> None:
    """Settle a report whose outcome is unknown, after looking into the mail service's record."""
    from mavprep_analytics.weekly_reports import service
    from mavprep_analytics.weekly_reports.schedule import monday

    states: dict[str, Literal["sent", "failed", "ready"]] = {
        "sent": "sent",
        "failed": "failed",
        "retry": "ready",
    }
    if outcome not in states:
        raise Misconfigured(f"--as {outcome} is no outcome", "Use sent, failed or retry")
    with service.open_outbox(load_settings()) as outbox:
        outbox.resolve(monday(_day(week)), user, states[outcome])
    typer.echo(f"{user}, week of {week}: {states[outcome]}")


@app.command()
def events(
    file: Annotated[
        typer.FileText, typer.Argument(help="SES events, one JSON object a line; - reads stdin.")
    ],
) -> None:
    """Take in what SES reports: sends settle unknown reports, bounces and complaints end addresses."""
    from mavprep_analytics.weekly_reports import public_pages, service
    from mavprep_analytics.weekly_reports.events import record_events

    settings = load_settings()
    with service.open_outbox(settings) as outbox:
        counts = record_events(file, outbox, public_pages.token_keys(settings))
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items()))
    typer.echo(f"events: {told or 'none'}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misconfigured(f"--week {text} is no date", "Write it as 2026-11-09") from None


def _instant(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError:
        raise Misconfigured(
            f"--now {text} is no timestamp", "Write it as 2026-11-16T08:00:00Z"
        ) from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


@contextmanager
def _progress(task: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task(task, total=total)
        yield lambda count: bar.advance(shown, count)


def _told(done: "Delivered") -> str:
    parts = {
        "sent": done.sent,
        "suppressed": done.suppressed,
        "failed": done.failed,
        "unknown": done.unknown,
        "expired": done.expired,
        "settled after an interrupted run": done.settled,
        "never sent by the provider's record, tried again": done.retried,
        "put off by the service": done.put_off,
    }
    told = ", ".join(f"{count:,} {name}" for name, count in parts.items() if count)
    held = f"; the rest is held back by {done.held_by}" if done.held_by else ""
    return f"this run: {told or 'nothing to send'}{held}"


def _rehearsed(told: "Rehearsed") -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(told.kinds.items()))
    refusals = "".join(
        f"\n  would be suppressed: {count:,} {reason}"
        for reason, count in sorted(told.refusals.items())
    )
    return (
        f"dry run: audience {told.audience:,}, {told.known:,} frozen before; "
        f"new: {kinds or 'none'}; largest mail {told.largest:,} bytes{refusals}"
    )


def _states(counts: dict[str, int]) -> str:
    return "in all:   " + ", ".join(f"{count:,} {state}" for state, count in counts.items())
