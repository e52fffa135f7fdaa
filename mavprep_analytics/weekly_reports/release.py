"""The examination before any mail of a week goes: fresh numbers, a likely volume, no gap, a sample rendered.

Both the command and the Dagster jobs ask it each time before they deliver, since a check that ran
with the freezing binds nothing that runs later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

from jinja2 import TemplateError
from msgspec import ValidationError
from msgspec.structs import replace

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.weekly_reports.collect import Collector
from mavprep_analytics.weekly_reports.letters import Letterhead
from mavprep_analytics.weekly_reports.mime import HeaderRefused, Message
from mavprep_analytics.weekly_reports.outbox import Claimed, Outbox
from mavprep_analytics.weekly_reports.payload import Payload, decode, encode
from mavprep_analytics.weekly_reports.prepare import Source

FALL_JUDGED_FROM = 100
"""Reports of the week before from which a fall of the volume is judged."""
MOST_FALL = 0.5
MOST_BROKEN = 0.2
"""Share of the sample that may be broken, or one: such reports fail alone, the others go."""
CLIPPED_FROM = 102_000
"""Bytes of HTML from which Gmail cuts a mail off."""
SOMEBODY = "nobody@preview.invalid"
NAMES = ("freshness", "volume", "reconciliation", "rendering")
"""What is examined, as it is accepted by name."""


@dataclass(frozen=True)
class Finding:
    """One thing examined.

    Args:
        told: the figures, without any name or address.
    """

    name: str
    is_passed: bool
    told: str


def examine(
    source: Source, outbox: Outbox, letterhead: Letterhead, week: date, now: datetime
) -> list[Finding]:
    """Look at everything that must hold before the week's mails may go.

    Raises:
        DataRefused: the lake version lacks a table.
    """
    sunday = week + timedelta(days=6)
    audience, rows = _audience(source, outbox, week), outbox.rows_of(week)
    before = outbox.rows_of(week - timedelta(days=7))
    has_fallen = before >= FALL_JUDGED_FROM and rows < before * (1 - MOST_FALL)
    sample = outbox.sample(week)
    broken = [wrong for report in sample if (wrong := _wrong(report, letterhead, week, now))]
    is_systemic = len(broken) > max(1, len(sample) * MOST_BROKEN)
    rendered = f"{len(broken)} of {len(sample)} broken: {', '.join(sorted(set(broken)))}"
    return [
        Finding("freshness", source.as_of >= sunday, f"numbers as of {source.as_of}"),
        Finding("volume", not has_fallen, f"{rows:,} reports, {before:,} the week before"),
        Finding("reconciliation", rows >= audience, f"audience {audience:,}, {rows:,} reports"),
        Finding("rendering", not is_systemic, rendered if broken else "the sample is whole"),
    ]


def require_released(
    findings: Iterable[Finding], accepted: Iterable[str] = (), *, reaches_people: bool = True
) -> None:
    """Pass when everything examined holds, or was accepted by name.

    Args:
        findings: of `examine`.
        accepted: names of what may fail.
        reaches_people: whether mails leave; an odd volume of mere files need not wait for a person.

    Raises:
        DataRefused: something does not hold; no mail may go.
    """
    may_fail = {*accepted, *(() if reaches_people else ("volume",))}
    wrong = [finding for finding in findings if not finding.is_passed]
    if any(finding.name not in may_fail for finding in wrong):
        told = "; ".join(f"{finding.name}: {finding.told}" for finding in wrong)
        names = " ".join(f"--accept {finding.name}" for finding in wrong)
        raise DataRefused(
            f"no mail was sent, for the week did not pass its examination: {told}",
            f"Look into it, or send with {names}",
        )


def specimen(outbox: Outbox, letterhead: Letterhead, week: date, now: datetime) -> Message | None:
    """Return one of the week's mails with nothing in it that a person wrote or is known by; null: none."""
    sample = outbox.sample(week)
    if not sample:
        return None
    chosen = max(sample, key=lambda report: (len(report.payload), report.user_id))
    masked = Claimed("specimen", encode(mask(decode(chosen.payload))), chosen.language, "specimen")
    return letterhead.write(masked, week, SOMEBODY, None, now)


def mask(payload: Payload) -> Payload:
    """Replace all that a student wrote or is known by; numbers and the catalogue's names stay."""
    plan = payload.plan
    if plan is not None:
        goals = tuple(
            replace(goal, description=f"Milestone {number}")
            for number, goal in enumerate(plan.milestones, 1)
        )
        plan = replace(plan, plan_id="plan", name="Study plan", milestones=goals)
    ranks = tuple(
        replace(rank, label="Your university", scope_key="") if rank.scope == "university" else rank
        for rank in payload.ranks
    )
    return replace(payload, timezone="UTC", plan=plan, ranks=ranks)


def _audience(source: Source, outbox: Outbox, week: date) -> int:
    """Count the audience, less who was erased since the lake version was made."""
    with Collector(source.lake, source.version, source.memory, source.threads) as collector:
        count = collector.count_audience(week, source.default_timezone)
        erased = outbox.erased()
        if erased.hashes:
            count -= sum(len(erased.among(users)) for users in collector.audience())
        return count


def _wrong(report: Claimed, letterhead: Letterhead, week: date, now: datetime) -> str:
    try:
        message = letterhead.write(report, week, SOMEBODY, None, now)
    except (HeaderRefused, TemplateError, ValidationError) as error:
        return f"not rendered: {type(error).__name__}"
    read = message_from_bytes(message.content, policy=default)
    kinds = [part.get_content_type() for part in read.iter_parts()]
    if kinds != ["text/plain", "text/html"] or not read["subject"]:
        return "a part or the subject is missing"
    return "too large" if len(message.html.encode()) >= CLIPPED_FROM else ""
