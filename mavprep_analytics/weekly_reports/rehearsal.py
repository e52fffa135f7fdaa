"""The dry run and the preview: everything but the writing and the sending."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.weekly_reports.collect import Collector
from mavprep_analytics.weekly_reports.consents import DELETED, Consents
from mavprep_analytics.weekly_reports.letters import Letterhead
from mavprep_analytics.weekly_reports.mime import Message
from mavprep_analytics.weekly_reports.outbox import Claimed, NewReport, Outbox
from mavprep_analytics.weekly_reports.prepare import Source, new_report


@dataclass
class Rehearsed:
    """What a run would do now.

    Args:
        kinds: kind of mail -> mails that would be made from the audience without a report.
        refusals: reason -> students who would not be mailed.
        largest: bytes of the largest message.
    """

    audience: int = 0
    known: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    largest: int = 0


def rehearse(
    source: Source,
    outbox: Outbox,
    consents: Consents,
    letterhead: Letterhead,
    week: date,
    now: datetime,
    tick: Callable[[int], None] = lambda _: None,
) -> Rehearsed:
    """Choose and render every new report of the week, keep none."""
    told = Rehearsed()
    with Collector(source.lake, source.version, source.memory, source.threads) as collector:
        told.audience = collector.count_audience(week, source.default_timezone)
        catalogue = collector.catalogue(week)
        for chunk in collector.facts(week):
            users = [facts.student.user_id for facts in chunk]
            known = outbox.known(week, users)
            flags = consents.read(users)
            for facts in chunk:
                user = facts.student.user_id
                if user in known:
                    continue
                report = new_report(facts, catalogue, source, week)
                told.kinds[report.kind] += 1
                if flags[user].refusal:
                    told.refusals[str(flags[user].refusal)] += 1
                    continue
                message = letterhead.write(
                    _claimed(report), week, str(flags[user].email), flags[user].name, now
                )
                told.largest = max(told.largest, len(message.content))
            told.known += len(known)
            tick(len(chunk))
    return told


def preview(
    source: Source,
    outbox: Outbox,
    consents: Consents,
    letterhead: Letterhead,
    week: date,
    user_id: str,
    now: datetime,
) -> Message:
    """Return a student's mail: the frozen one, else what would be frozen now.

    Raises:
        DataRefused: the student is not in the week's audience.
    """
    flags = consents.read([user_id])[user_id]
    stored = outbox.report(week, user_id)
    if stored is not None:
        claimed = Claimed(user_id, stored.payload, stored.language, stored.subject)
    else:
        claimed = _claimed(unfrozen(source, week, user_id, flags.refusal))
    address = flags.email or "nobody@preview.invalid"
    return letterhead.write(claimed, week, address, flags.name, now)


def unfrozen(source: Source, week: date, user_id: str, refusal: str | None) -> NewReport:
    """Return the report that would be frozen now.

    Args:
        source: the lake version.
        week: the reported week's Monday.
        user_id: the student.
        refusal: why the student may not be mailed; null: may be.

    Raises:
        DataRefused: the student is not in the week's audience.
    """
    with Collector(source.lake, source.version, source.memory, source.threads) as collector:
        if not collector.count_audience(week, source.default_timezone, user_id):
            if refusal == DELETED.refusal:
                raise DataRefused(f"there is no student {user_id}", "Check the user id")
            why = refusal or "no activity in the four weeks that end with it"
            raise DataRefused(
                f"{user_id} is not in the audience of the week of {week} ({why})",
                "Choose another student or week",
            )
        catalogue = collector.catalogue(week)
        ((facts,),) = collector.facts(week)
        return new_report(facts, catalogue, source, week)


def _claimed(report: NewReport) -> Claimed:
    return Claimed(report.user_id, report.payload, report.language, report.subject)
