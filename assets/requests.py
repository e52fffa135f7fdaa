"""Group `requests`: the exports that a night needs, asked of DynamoDB. What to ask for stands in the library."""

from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from assets.models import OWNERS
from assets.partitions import as_of_days, partition_date
from assets.resources import Platform
from mavprep_analytics.errors import NothingNew
from mavprep_analytics.exports.asking import request_exports
from mavprep_analytics.periods import end_of_day


@dg.asset(group_name="requests", owners=OWNERS, kinds={"dynamodb"}, partitions_def=as_of_days)
def export_requests(
    context: dg.AssetExecutionContext, platform: Platform
) -> dg.MaterializeResult[Any]:
    """Exports up to the as-of date's end, asked for and followed until they are complete; never one twice.

    Of each table the windows since its chain's head, or a full one when the last is two weeks old.
    """
    settings = platform.settings
    try:
        asked = request_exports(
            settings.exports,
            platform.lake,
            settings.export_table_arns,
            kind="due",
            until=end_of_day(partition_date(context)),
            now=datetime.now(UTC),
            full_after=timedelta(days=settings.export_full_days),
            wait=True,
        )
    except NothingNew as nothing:
        context.log.info(str(nothing))
        asked = []
    texts = [f"{export.request.text}: {export.status}" for export in asked]
    return dg.MaterializeResult(
        metadata={"exports": len(asked), "asked": "; ".join(texts) or "none"}
    )


ASSETS = [export_requests]
