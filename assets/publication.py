"""Group `publication`: all published tables in one transaction, then the ranks into the REPUTATION items."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from assets.models import OWNERS
from assets.partitions import as_of_days, partition_date
from assets.resources import Platform
from mavprep_analytics.publication import Published, publish_news, published_tables
from mavprep_analytics.publication.reputation_ranks import write_ranks
from mavprep_analytics.publication.retention import prune_lake
from mavprep_analytics.tables.core import core_reputations
from mavprep_analytics.tables.questions import question_counts

_INPUTS = [*(t.name for t in published_tables()), question_counts.name, core_reputations.name]


@dg.asset(
    deps=_INPUTS,
    group_name="publication",
    owners=OWNERS,
    kinds={"postgres"},
    partitions_def=as_of_days,
)
def publication(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult[Any]:
    """Make Postgres equal to the lake: a reader sees the old numbers or the new, never a mix."""
    published = publish_news(
        platform.database_url,
        platform.lake,
        partition_date(context),
        code_version=platform.code_version,
    )
    return dg.MaterializeResult(metadata=publication_metadata(published))


def publication_metadata(published: Published) -> Mapping[str, Any]:
    """Return sequence, as-of and what changed in each table."""
    rows = [
        dg.TableRecord({"table": name, "rows": change.rows, "changed": change.changed})
        for name, change in sorted(published.tables.items())
    ]
    return {
        "sequence": published.sequence,
        "as_of": str(published.as_of),
        "unchanged": published.unchanged,
        "rows_changed": published.changed_rows,
        "tables": dg.MetadataValue.table(rows) if rows else "none",
    }


@dg.asset(
    deps=[publication],
    group_name="publication",
    owners=OWNERS,
    kinds={"dynamodb"},
    partitions_def=as_of_days,
)
def reputation_ranks(platform: Platform) -> dg.MaterializeResult[Any]:
    """Write global, university and subject ranks to the REPUTATION items that differ; repeatable."""
    outcome = write_ranks(platform.database_url, platform.settings)
    return dg.MaterializeResult(metadata=vars(outcome))


@dg.asset(
    deps=[reputation_ranks],
    group_name="publication",
    owners=OWNERS,
    kinds={"parquet"},
    partitions_def=as_of_days,
)
def lake_retention(
    context: dg.AssetExecutionContext, platform: Platform
) -> dg.MaterializeResult[Any]:
    """Remove lake versions older than 30 days and files that no version names."""
    pruned = prune_lake(
        platform.database_url, platform.lake, partition_date(context), datetime.now(UTC)
    )
    return dg.MaterializeResult(metadata=vars(pruned))


ASSETS = [publication, reputation_ranks, lake_retention]
