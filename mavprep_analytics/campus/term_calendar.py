"""When the campus works: its period, busy and quiet weeks, and local time as UTC.

Here: calendar arithmetic on arrays. Instants are whole epoch seconds; local times are seconds since the
period's first local midnight.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from mavprep_analytics.campus.catalogue import Floats, Ints
from mavprep_analytics.campus.curriculum import UNIVERSITIES
from mavprep_analytics.periods import end_of_day

_HOUR, DAY, WEEK = 3_600, 86_400, 604_800


@dataclass(frozen=True)
class Term:
    """The simulated period: whole weeks that end with `until`."""

    until: date
    weeks: int

    @property
    def first_day(self) -> date:
        """The first simulated local date."""
        return self.until - timedelta(days=7 * self.weeks - 1)

    @property
    def start(self) -> int:
        """UTC midnight of the first day, in epoch seconds."""
        return int(datetime.combine(self.first_day, datetime.min.time(), UTC).timestamp())

    @property
    def end(self) -> int:
        """The instant at which `until` is over, exclusive, in epoch seconds."""
        return int(end_of_day(self.until).timestamp())

    def activity(self) -> Floats:
        """Return how busy each week is, 1 on average: a slow start, a break, two exam seasons."""
        week = np.arange(self.weeks)
        busy = np.full(self.weeks, 1.0)
        busy[week % 12 == 0] = 0.6
        busy[week % 12 == 6] = 1.6
        busy[week % 12 == 8] = 0.5
        busy[week % 12 == 11] = 1.5
        weights: Floats = busy / busy.mean()
        return weights

    def to_utc(self, zone: Ints, local_seconds: Ints) -> Ints:
        """Return epoch seconds of local times.

        Args:
            zone: index of the zone; negative means UTC, as an unknown zone does everywhere.
            local_seconds: since local midnight of the first day.
        """
        offsets = _offsets(self.first_day, self.weeks)
        hour = np.clip(local_seconds // _HOUR, 0, offsets.shape[1] - 1)
        moments: Ints = self.start + local_seconds - offsets[np.maximum(zone, -1) + 1, hour]
        return moments


def iso_seconds(instants: Ints) -> list[str]:
    """Return epoch seconds as `2026-09-20T15:30:00Z`."""
    text = np.datetime_as_string(instants.astype("datetime64[s]"))
    return [f"{moment}Z" for moment in text.tolist()]


@cache
def _offsets(first_day: date, weeks: int) -> Ints:
    hours = range((7 * weeks + 2) * 24)
    midnight = datetime.combine(first_day, datetime.min.time())
    zones = [ZoneInfo("UTC"), *(ZoneInfo(university.zone) for university in UNIVERSITIES)]
    return np.array(
        [
            [_offset_seconds(midnight + timedelta(hours=hour), zone) for hour in hours]
            for zone in zones
        ]
    )


def _offset_seconds(local: datetime, zone: ZoneInfo) -> int:
    offset = local.replace(tzinfo=zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
