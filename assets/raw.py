"""Groups `raw` and `core`: exports, whole or not at all, and the state that they make together."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from assets.models import committed_results, table_spec
from assets.partitions import partition_date
from assets.resources import Platform
from assets.sources import DYNAMODB_EXPORTS
from mavprep_analytics.exports import Limits, ingest
from mavprep_analytics.exports.forgetting import forget
from mavprep_analytics.publication.erasure import erased_users
from mavprep_analytics.tables import core as core_tables
from mavprep_analytics.tables import raw as raw_tables

_RAW = [table_spec(table, [DYNAMODB_EXPORTS]) for table in raw_tables.TABLES]
_CORE = [table_spec(table, ["export_files"]) for table in core_tables.TABLES]


@dg.multi_asset(name="exports", specs=[*_RAW, *_CORE])
def exports(context: dg.AssetExecutionContext, platform: Platform) -> Iterable[Any]:
    """Find, verify and decode the newest chain of exports at or below the as-of date; leave out erased students."""
    ingested = ingest(
        platform.settings.exports,
        platform.lake,
        partition_date(context),
        workers=platform.settings.engine_threads,
        limits=Limits.of(platform.settings),
    )
    context.log.info(
        f"{ingested.accepted:,} items accepted, {ingested.quarantined:,} quarantined, "
        f"{ingested.unrecognised:,} unrecognised"
    )
    for (entity, attribute), items in sorted(ingested.drift.items()):
        context.log.warning(f"drift: {attribute} of {items:,} {entity} items; see raw_drift")
    version = forget(platform.lake, erased_users(platform.database_url).among)
    unchanged = ingested.unchanged and version.number == ingested.version.number
    names = [spec.key.to_user_string() for spec in (*_RAW, *_CORE)]
    yield from committed_results(version, names, unchanged=unchanged)


ASSETS = [exports]
