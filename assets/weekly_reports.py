"""Group `weekly_reports`: freeze the reports of a week, then deliver those that are due, none twice."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from assets.models import OWNERS
from assets.partitions import partition_date, report_weeks
from assets.resources import Platform
from mavprep_analytics.weekly_reports import service
from mavprep_analytics.weekly_reports.delivery import deliver, require_complete
from mavprep_analytics.weekly_reports.prepare import prepare


@dg.asset(
    deps=[dg.AssetDep("publication", partition_mapping=dg.TimeWindowPartitionMapping())],
    group_name="weekly_reports",
    owners=OWNERS,
    kinds={"postgres", "jinja"},
    partitions_def=report_weeks,
)
def weekly_report_outbox(
    context: dg.AssetExecutionContext, platform: Platform
) -> dg.MaterializeResult[Any]:
    """Freeze one report per student of the week's audience; what was frozen before stays as it is."""
    week = partition_date(context)
    with service.open_outbox(platform.settings) as outbox:
        prepared = prepare(service.source(platform.settings, outbox, week), outbox, week)
    return dg.MaterializeResult(
        metadata={"audience": prepared.audience, "added": prepared.added, "kept": prepared.kept}
    )


@dg.asset(
    deps=[weekly_report_outbox],
    group_name="weekly_reports",
    owners=OWNERS,
    kinds={"email"},
    partitions_def=report_weeks,
)
def weekly_mail(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult[Any]:
    """Send the reports that are due, each with one attempt; an unknown outcome stays unknown."""
    week, settings = partition_date(context), platform.settings
    with service.open_outbox(settings) as outbox:
        done = deliver(service.mailer(settings, outbox, week), week, datetime.now(UTC))
    require_complete(done)
    return dg.MaterializeResult(metadata=asdict(done))


ASSETS = [weekly_report_outbox, weekly_mail]
