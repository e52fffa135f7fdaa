"""Group `catalogue`: the Postgres catalogue in one snapshot, and the zone offsets that local days need."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from assets.models import committed_results, table_spec
from assets.resources import Platform
from assets.sources import POSTGRES_CATALOGUE
from mavprep_analytics.catalogue import stage
from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets
from mavprep_analytics.tables import TABLES
from mavprep_analytics.tables import catalogue as declared

_STAGED = [table for table in declared.TABLES if table.name != "time_zone_offsets"]


@dg.multi_asset(name="catalogue", specs=[table_spec(t, [POSTGRES_CATALOGUE]) for t in _STAGED])
def catalogue(platform: Platform) -> Iterable[Any]:
    """Read the catalogue in one snapshot; refuse an empty, shrunken or circular one."""
    staged = stage(
        platform.database_url, platform.lake, shrink_limit=platform.settings.catalogue_shrink_limit
    )
    version = platform.lake.version(staged.version)
    yield from committed_results(version, [t.name for t in _STAGED], unchanged=staged.unchanged)


@dg.multi_asset(specs=[table_spec(TABLES["time_zone_offsets"], ["core_profiles"])])
def time_zone_offsets(platform: Platform) -> Iterable[Any]:
    """List the offsets of every zone that a profile names."""
    unchanged = build_time_zone_offsets(platform.lake, platform.settings.default_timezone).unchanged
    yield from committed_results(platform.lake.head(), ["time_zone_offsets"], unchanged=unchanged)


ASSETS = [catalogue, time_zone_offsets]
