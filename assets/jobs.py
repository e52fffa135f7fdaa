"""Jobs: selections of assets that run together. What an asset does stands in its group's file."""

import dagster as dg

from assets.progress import step_lines

LAKE_WRITER = {"mavprep/writes-lake": "true"}

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all()
    - dg.AssetSelection.groups("sources", "requests", "weekly_reports"),
    executor_def=dg.in_process_executor,
    tags=LAKE_WRITER,
    description="The whole night of one as-of date: exports, catalogue, metrics, publication, rank write-back.",
)

weekly_reports = dg.define_asset_job(
    "weekly_reports",
    selection=dg.AssetSelection.groups("weekly_reports"),
    executor_def=dg.in_process_executor,
    description="Prepare and deliver the reports of one week; a second run sends nothing twice.",
)

request_exports = dg.define_asset_job(
    "request_exports",
    selection=dg.AssetSelection.groups("requests"),
    executor_def=dg.in_process_executor,
    description="Ask DynamoDB for the exports of one as-of date, and wait until they are complete.",
)

JOBS = [request_exports, nightly, weekly_reports]
LOGGERS = {"step_lines": step_lines}
