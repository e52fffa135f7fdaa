"""Group `weekly_reports`: freeze the reports of a week, then deliver those that are due, none twice."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from pydantic import Field

from assets.models import OWNERS
from assets.partitions import partition_date, report_weeks
from assets.resources import Platform
from mavprep_analytics.weekly_reports import service
from mavprep_analytics.weekly_reports.delivery import deliver, require_complete
from mavprep_analytics.weekly_reports.mime import Message
from mavprep_analytics.weekly_reports.prepare import prepare
from mavprep_analytics.weekly_reports.release import (
    NAMES,
    Finding,
    examine,
    require_released,
    specimen,
)

_EXAMINED = {
    "freshness": "The publication's as-of date covers the week.",
    "volume": "Not half as many reports as the week before.",
    "reconciliation": "Every student of the audience has a report.",
    "rendering": "A sample renders, reads back as a mail and is not too large.",
}


class Bucket(dg.Config):
    """Which reports a run delivers."""

    due_at: str = ""
    """Only those of this send time (ISO 8601), which is one UTC offset; empty: all that are due."""
    accept: list[str] = Field(default=[])
    """Examinations that may fail, by name."""


@dg.asset(
    deps=[dg.AssetDep("publication", partition_mapping=dg.TimeWindowPartitionMapping())],
    group_name="weekly_reports",
    owners=OWNERS,
    kinds={"postgres", "jinja"},
    partitions_def=report_weeks,
    check_specs=[
        dg.AssetCheckSpec(
            name, asset="weekly_report_outbox", blocking=True, description=_EXAMINED[name]
        )
        for name in NAMES
    ],
)
def weekly_report_outbox(
    context: dg.AssetExecutionContext, platform: Platform
) -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads the bare class only
    """Freeze one report per student of the week's audience; what was frozen before stays as it is."""
    week, settings, now = partition_date(context), platform.settings, datetime.now(UTC)
    letterhead = service.letterhead(settings)
    with service.open_outbox(settings) as outbox:
        found = service.source(settings, outbox, week)
        prepared = prepare(found, outbox, week)
        findings = examine(found, outbox, letterhead, week, now)
        shown = specimen(outbox, letterhead, week, now)
    return dg.MaterializeResult(
        metadata={
            "audience": prepared.audience,
            "added": prepared.added,
            "kept": prepared.kept,
            "failed": prepared.failed,
            "specimen": dg.MetadataValue.md(_shown(shown)),
        },
        check_results=list(_checks(findings)),
    )


@dg.asset(
    deps=[weekly_report_outbox],
    group_name="weekly_reports",
    owners=OWNERS,
    kinds={"email"},
    partitions_def=report_weeks,
)
def weekly_mail(
    context: dg.AssetExecutionContext, config: Bucket, platform: Platform
) -> dg.MaterializeResult[Any]:
    """Send the reports that are due, each with one attempt; an unknown outcome stays unknown."""
    week, settings, now = partition_date(context), platform.settings, datetime.now(UTC)
    bucket = datetime.fromisoformat(config.due_at) if config.due_at else None
    with service.open_outbox(settings) as outbox:
        mailer = service.mailer(settings, outbox, week)
        found = service.source(settings, outbox, week)
        findings = examine(found, outbox, mailer.letterhead, week, now)
        if any(f.name == "reconciliation" and not f.is_passed for f in findings):
            prepare(found, outbox, week)  # whoever joined the audience since the freezing
            findings = examine(found, outbox, mailer.letterhead, week, now)
        reaches_people = mailer.backend.has_deadline
        require_released(findings, config.accept, reaches_people=reaches_people)
        done = deliver(mailer, week, now, bucket)
        counts = outbox.counts(week)
    require_complete(done)
    states = [dg.TableRecord({"state": name, "reports": count}) for name, count in counts.items()]
    return dg.MaterializeResult(
        metadata={
            **asdict(done),
            "send_time": config.due_at or "all that are due",
            "week": dg.MetadataValue.table(states),
        }
    )


def _checks(findings: Iterable[Finding]) -> Iterable[dg.AssetCheckResult]:
    for finding in findings:
        yield dg.AssetCheckResult(
            passed=finding.is_passed, check_name=finding.name, metadata={"told": finding.told}
        )


def _shown(mail: Message | None) -> str:
    """Return a masked mail's text part as Markdown."""
    return f"```\n{mail.text}\n```" if mail else "nobody is in the audience"


ASSETS = [weekly_report_outbox, weekly_mail]
