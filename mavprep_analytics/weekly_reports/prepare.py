"""From a lake version to frozen reports: audience, payloads and subject lines, in chunks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from traceback import extract_tb

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.settings import ENGINE_MEMORY, ENGINE_THREADS
from mavprep_analytics.weekly_reports.choose import choose
from mavprep_analytics.weekly_reports.collect import Collector
from mavprep_analytics.weekly_reports.facts import Catalogue, Facts
from mavprep_analytics.weekly_reports.headline import subject
from mavprep_analytics.weekly_reports.language import language
from mavprep_analytics.weekly_reports.outbox import NewReport, Outbox
from mavprep_analytics.weekly_reports.payload import PAYLOAD_VERSION, encode
from mavprep_analytics.weekly_reports.schedule import due_at, monday, require_covered

MOST_FAILED = 0.01


@dataclass(frozen=True)
class Source:
    """Where the numbers come from.

    Args:
        as_of: as-of date of the version's tables.
        default_timezone: for students without a valid zone.
        memory: limit of the reading engine.
        threads: of the reading engine.
    """

    lake: Lake
    version: Version
    as_of: date
    default_timezone: str = "UTC"
    memory: str = ENGINE_MEMORY
    threads: int = ENGINE_THREADS


@dataclass(frozen=True)
class Prepared:
    """What a preparation did.

    Args:
        audience: students who get the week's mail.
        added: reports frozen now.
        failed: those of them that could not be chosen, by a defect; the outbox names students and reason.
    """

    audience: int
    added: int
    failed: int = 0

    @property
    def kept(self) -> int:
        """Students whose report was frozen before, and stayed as it was."""
        return self.audience - self.added


def prepare(
    source: Source, outbox: Outbox, week: date, tick: Callable[[int], None] = lambda _: None
) -> Prepared:
    """Freeze a report for every student of the audience who has none yet.

    Args:
        source: the lake version.
        outbox: where the reports go.
        week: the reported week's Monday.
        tick: told the number of students done after each chunk.

    Raises:
        Misconfigured: week is no Monday.
        Held: as_of does not reach the week's Sunday.
        DataRefused: the lake version lacks a table, or many reports cannot be chosen.
    """
    require_covered(monday(week), source.as_of)
    added = failed = 0
    with Collector(source.lake, source.version, source.memory, source.threads) as collector:
        audience = collector.count_audience(week, source.default_timezone)
        catalogue = collector.catalogue(week)
        for chunk in collector.facts(week):
            users = [facts.student.user_id for facts in chunk]
            erased = set(outbox.erased().among(users))
            audience -= len(erased)
            known = outbox.known(week, users) | erased
            reports = [
                _new_or_failed(facts, catalogue, source, week)
                for facts in chunk
                if facts.student.user_id not in known
            ]
            failed += _require_few([report.reason for report in reports])
            added += outbox.freeze(reports)
            tick(len(chunk))
    return Prepared(audience, added, failed)


def _new_or_failed(facts: Facts, catalogue: Catalogue, source: Source, week: date) -> NewReport:
    """Choose a student's report; a defect that one student meets must not cost the others theirs."""
    try:
        return new_report(facts, catalogue, source, week)
    except Exception as error:  # noqa: BLE001 - whatever it is, its place is told and nothing of its data
        place = extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}"
        user, zone = facts.student.user_id, source.default_timezone
        return NewReport(
            user, week, "quiet", "en", zone, due_at(week, zone), "{}", PAYLOAD_VERSION, "",
            source.as_of, source.version.number, "failed", f"not chosen: {where}",
        )  # fmt: skip


def _require_few(reasons: Sequence[str | None]) -> int:
    """Return how many reports could not be chosen.

    Raises:
        DataRefused: more than one, and more than a hundredth: no student's data explain that.
    """
    failed = [reason for reason in reasons if reason is not None]
    if len(failed) > max(1, len(reasons) * MOST_FAILED):
        raise DataRefused(
            f"{len(failed):,} of {len(reasons):,} reports could not be chosen, the first: {failed[0]}",
            "Nothing of them is frozen; mend this defect and run again",
        )
    return len(failed)


def new_report(facts: Facts, catalogue: Catalogue, source: Source, week: date) -> NewReport:
    """Choose one student's payload and frame it as a row of the outbox."""
    payload = choose(facts, catalogue, week, source.as_of)
    words = language(facts.student.language)
    return NewReport(
        user_id=facts.student.user_id,
        week_start=week,
        kind=payload.kind,
        language=words.code,
        timezone=payload.timezone,
        due_at=due_at(week, payload.timezone),
        payload=encode(payload),
        payload_version=PAYLOAD_VERSION,
        subject=subject(payload, words),
        as_of=source.as_of,
        lake_version=source.version.number,
    )
