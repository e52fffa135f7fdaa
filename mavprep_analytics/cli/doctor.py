"""`mavprep doctor`: looks at all that a night needs, changes nothing, and names the next step for what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import typer

from mavprep_analytics.errors import MavprepError
from mavprep_analytics.settings import Settings, load_settings

_LATE_HOURS = 26


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, what was seen, and the error if it is not well."""

    subject: str
    seen: str
    error: MavprepError | None = None


def doctor() -> None:
    """Tell what a night lacks; changes nothing."""
    settings = load_settings()
    findings = examine(settings, datetime.now(UTC))
    for finding in findings:
        mark = "ok  " if finding.error is None else "FAIL"
        typer.echo(f"{mark} {finding.subject:<11} {finding.seen}")
    worst = max((f.error.exit_code for f in findings if f.error), default=0)
    raise typer.Exit(worst)


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Return a finding per subject, in the order in which a night needs them.

    Args:
        settings: of the run.
        now: an aware instant; exports and publications older than 26 hours before it are called late.
    """
    looks: list[tuple[str, Callable[[Settings, datetime], str]]] = [
        ("postgres", _postgres),
        ("published", _published),
        ("exports", _exports),
        ("lake", _lake),
        ("write-back", _write_back),
        ("mail", _mail),
    ]
    findings: list[Finding] = []
    for subject, look in looks:
        if subject == "published" and findings[0].error:
            continue  # what is published cannot be seen, and one line about Postgres is enough
        findings.append(_look(subject, look, settings, now))
    return findings


def _look(
    subject: str, look: Callable[[Settings, datetime], str], settings: Settings, now: datetime
) -> Finding:
    try:
        return Finding(subject, look(settings, now))
    except MavprepError as error:
        return Finding(subject, str(error), error)


def _postgres(settings: Settings, now: datetime) -> str:  # noqa: ARG001 - all looks are called alike
    from mavprep_analytics.catalogue.snapshot import require_catalogue
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.postgres import explained, place, session
    from mavprep_analytics.publication.migrations import require_current

    url = postgres_url(settings)
    with session(url) as connection, explained(place(url)):
        require_catalogue(connection, place(url))
        require_current(connection, place(url))
    return f"{place(url)}: catalogue and published tables are there"


def _published(settings: Settings, now: datetime) -> str:
    from mavprep_analytics.embedded import postgres_url
    from mavprep_analytics.publication import newest

    last = newest(postgres_url(settings))
    if last is None:
        return "nothing yet: run `mavprep run --as-of DATE`"
    return f"publication {last.sequence} as of {last.as_of}{_late(last.published_at, now)}"


def _exports(settings: Settings, now: datetime) -> str:
    from mavprep_analytics.exports.allowed import Allowed
    from mavprep_analytics.exports.discovery import discover
    from mavprep_analytics.exports.places import open_place

    found = discover(open_place(settings.exports), settings.exports, Allowed.of(settings))
    for broken in (item.refusal for item in found if item.refusal):
        raise broken
    complete = [item.export for item in found if item.export]
    if not complete:
        return f"{settings.exports}: {len(found)} exports, none complete yet"
    newest_end = max(export.to_at for export in complete)
    return (
        f"{settings.exports}: {len(complete)} complete of {len(found)}, newest of "
        f"{newest_end:%Y-%m-%d %H:%M} UTC{_late(newest_end, now)}"
    )


def _lake(settings: Settings, now: datetime) -> str:  # noqa: ARG001 - see _postgres
    from mavprep_analytics.lake import Lake

    head = Lake.open(settings.lake, settings.home / "scratch").head()
    rows = sum(entry.rows for entry in head.tables.values())
    return f"{settings.lake}: version {head.number}, {len(head.tables)} tables, {rows:,} rows"


def _write_back(settings: Settings, now: datetime) -> str:  # noqa: ARG001 - see _postgres
    if settings.dynamodb_writeback == "off":
        return "off: ranks stay in Postgres"
    return f"on: at most {settings.writeback_rate} items a second"


def _mail(settings: Settings, now: datetime) -> str:  # noqa: ARG001 - see _postgres
    if settings.email_backend == "file":
        return f"files below {settings.reports}"
    return f"{settings.email_backend} as {settings.email_sender}"


def _late(instant: datetime, now: datetime) -> str:
    hours = (now - instant).total_seconds() / 3600
    return f", {hours:,.0f} hours ago (late)" if hours > _LATE_HOURS else ""
