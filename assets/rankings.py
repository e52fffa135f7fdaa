"""Group `rankings`: ranks by reputation and performance, against the last publication a week or more ago."""

from collections.abc import Mapping

import dagster as dg

from assets.models import sql_asset
from assets.partitions import partition_date
from assets.resources import Platform
from mavprep_analytics.lake import TableEntry
from mavprep_analytics.publication.ledger import last_published_before


def _previous(
    context: dg.AssetExecutionContext, platform: Platform
) -> Mapping[str, TableEntry | None]:
    published = last_published_before(platform.database_url, partition_date(context))
    if published is None:
        return {"previous_rankings": None}
    return {"previous_rankings": platform.lake.version(published.lake_version).tables["rankings"]}


ASSETS = [sql_asset("rankings", extra=_previous)]
