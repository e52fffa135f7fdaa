"""From a lake version to frozen reports: audience, payloads and subject lines, in chunks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.weekly_reports.choose import choose
from mavprep_analytics.weekly_reports.collect import Collector
from mavprep_analytics.weekly_reports.facts import Catalogue, Facts
from mavprep_analytics.weekly_reports.headline import subject
from mavprep_analytics.weekly_reports.language import language
from mavprep_analytics.weekly_reports.outbox import NewReport, Outbox
from mavprep_analytics.weekly_reports.payload import PAYLOAD_VERSION, encode
from mavprep_analytics.weekly_reports.schedule import due_at, monday, require_covered


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
    memory: str = "1500MB"
    threads: int = 2


@dataclass(frozen=True)
class Prepared:
    """What a preparation did.

    Args:
        audience: students who get the week's mail.
        added: reports frozen now.
    """

    audience: int
    added: int

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
        DataRefused: the lake version lacks a table.
    """
    require_covered(monday(week), source.as_of)
    added = 0
    with Collector(source.lake, source.version, source.memory, source.threads) as collector:
        audience = collector.count_audience(week, source.default_timezone)
        catalogue = collector.catalogue(week)
        for chunk in collector.facts(week):
            users = [facts.student.user_id for facts in chunk]
            erased = set(outbox.erased().among(users))
            audience -= len(erased)
            known = outbox.known(week, users) | erased
            added += outbox.freeze(
                new_report(facts, catalogue, source, week)
                for facts in chunk
                if facts.student.user_id not in known
            )
            tick(len(chunk))
    return Prepared(audience, added)


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
