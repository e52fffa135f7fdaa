"""The one Definitions object; tests build their own with other resources."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets import (
    attempts,
    catalogue,
    dashboard,
    leaderboards,
    mastery,
    publication,
    questions,
    rankings,
    raw,
    requests,
    weekly_reports,
    weeks,
)
from assets.jobs import JOBS, LOGGERS
from assets.resources import Platform
from assets.schedules import SCHEDULES
from assets.sensors import SENSORS
from assets.sources import SOURCES

_GROUPS = (
    requests,
    raw,
    catalogue,
    attempts,
    mastery,
    leaderboards,
    rankings,
    questions,
    weeks,
    dashboard,
    publication,
    weekly_reports,
)


def build_definitions(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Return everything that Dagster may run, with any resource replaced."""
    return dg.Definitions(
        assets=[*SOURCES, *(asset for group in _GROUPS for asset in group.ASSETS)],
        asset_checks=mastery.CHECKS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=SENSORS,
        loggers=LOGGERS,
        resources={"platform": Platform(), **(resources or {})},
    )


defs = build_definitions()
