"""The offsets of the time zones that students live in, as a lake table, so that no engine needs a zone database.

Pure up to `build_time_zone_offsets`. Which local date an instant has is computed in SQL from this table.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.engine import Built
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.lake.version import digest_of
from mavprep_analytics.periods import micros
from mavprep_analytics.tables import TABLES

FIRST_YEAR, END_YEAR = 1990, 2101
"""Transitions are exact in these years; before and after, the nearest period goes on."""
BEGINNING_MICROS = -62_135_596_800_000_000
"""0001-01-01T00:00Z, where the first period of each zone starts."""
END_MICROS = 253_402_300_800_000_000
"""10000-01-01T00:00Z, where the last period of each zone ends."""

_PROBE = timedelta(days=7)
"""No zone kept an offset for less since 1990; the shortest time was 12 days, in Tucumán in 2004."""
_NO_PLACES = frozenset({"localtime", "Factory"})
_NAME = "time_zone_offsets"

Period = tuple[str, int, int, int]
"""timezone, from_micros, to_micros, offset_micros."""


def known_zones(names: Iterable[str | None]) -> list[str]:
    """Return the names that are IANA zones, sorted, each once."""
    return sorted((available_timezones() - _NO_PLACES).intersection(n for n in names if n))


def periods(zone: str) -> Iterator[Period]:
    """Yield the zone's periods of constant offset, in order and without gaps.

    Args:
        zone: an IANA name.
    """
    info = ZoneInfo(zone)
    start, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(END_YEAR, 1, 1, tzinfo=UTC)
    since, day, offset = BEGINNING_MICROS, start, _offset(info, start)
    while day < end:
        following = day + _PROBE
        if _offset(info, following) != offset:
            change = _transition(info, day, following)
            yield zone, since, micros(change), _micros(offset)
            since, offset = micros(change), _offset(info, following)
        day = following
    yield zone, since, END_MICROS, _micros(offset)


def build_time_zone_offsets(
    lake: Lake, default_timezone: str, *, version: Version | None = None
) -> Built:
    """Bring `time_zone_offsets` up to date: the zones that profiles name, and the default.

    Args:
        lake: holds `core_profiles`.
        default_timezone: an IANA zone.
        version: the lake version to read; the newest by default.

    Raises:
        Overtaken: another run built the table meanwhile.
    """
    start = time.perf_counter()
    base = version or lake.head()
    zones = known_zones([default_timezone, *_profile_zones(lake, base)])
    rows = [period for zone in zones for period in periods(zone)]
    inputs = {"periods": digest_of([repr(row) for row in rows])}
    current = base.tables.get(_NAME)
    if current is not None and dict(current.inputs) == inputs:
        return Built(_NAME, current.rows, True, current, time.perf_counter() - start)
    schema = TABLES[_NAME].arrow_schema
    table = pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in rows], schema
    )
    entry = lake.write(_NAME, schema, table.to_batches(), inputs)
    lake.commit({_NAME: entry}, base=base)
    return Built(_NAME, entry.rows, False, entry, time.perf_counter() - start)


def _profile_zones(lake: Lake, version: Version) -> set[str | None]:
    files = lake.local_files(version.tables["core_profiles"])
    columns = [pq.read_table(path, columns=["timezone"])["timezone"] for path in files]
    return {name for column in columns for name in pc.unique(column).to_pylist()}


def _offset(info: ZoneInfo, instant: datetime) -> timedelta:
    local = instant.astimezone(info)
    return local.replace(tzinfo=UTC) - instant


def _transition(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first whole second in (before, after] with the offset of after."""
    new = _offset(info, after)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if _offset(info, middle) == new else (middle, after)
    return after


def _micros(offset: timedelta) -> int:
    return offset // timedelta(microseconds=1)
