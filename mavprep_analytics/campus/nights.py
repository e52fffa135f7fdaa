"""What happens to stored items in the nights after the full exports: logins, corrections, deletions.

Only campuses with nightly exports have it; in the others every item is final. Not here: what the items
are, and which export a moment belongs to (`table_exports`).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from mavprep_analytics.campus.export_writer import Item
from mavprep_analytics.campus.table_exports import PROGRESS, USERS, TableExports

_LEAVING_CHANCE, _CORRECTED_CHANCE, _REMOVED_CHANCE = 0.02, 0.01, 0.005


class Nights:
    """Adds accounts and attempts to the exports, with the changes that nights bring.

    Args:
        rng: for these changes alone, so that they disturb no other draw.
        exports: where items go.
    """

    def __init__(self, rng: np.random.Generator, exports: TableExports) -> None:
        self._rng, self._exports = rng, exports

    def add_accounts(self, items: Iterable[Item]) -> None:
        """Add profiles, each followed by its settings; about 2 % leave during the nights."""
        leaves_at: int | None = None
        for item in items:
            if item["SK"] == "PROFILE":
                leaves_at = self._moment() if self._happens(_LEAVING_CHANCE) else None
            if leaves_at is not None:
                self._add_leaving(item, leaves_at)
            elif item["SK"] == "PROFILE":
                self._add_profile(item)
            else:
                self._exports.add(USERS, [item])

    def add_attempt(self, item: Item, written_at: int) -> None:
        """Add an attempt; of those before the nights about 1 % are corrected, a few removed."""
        self._exports.add_written(PROGRESS, item, written_at)
        if written_at < self._exports.cutoff:
            if self._happens(_CORRECTED_CHANCE):
                self._exports.change(PROGRESS, item, _corrected(item), self._moment())
            elif self._happens(_REMOVED_CHANCE):
                self._exports.change(PROGRESS, item, None, self._moment())

    def _add_leaving(self, item: Item, leaves_at: int) -> None:
        cutoff_day = self._last_full_day()
        stored = item
        if item["SK"] == "PROFILE":
            stored = dict(item) | {"lastLogin": min(str(item["lastLogin"]), cutoff_day)}
        self._exports.add(USERS, [stored])
        self._exports.change(USERS, stored, None, leaves_at)

    def _add_profile(self, item: Item) -> None:
        login = datetime.fromisoformat(str(item["lastLogin"]))
        before = dict(item) | {"lastLogin": min(str(item["lastLogin"]), self._last_full_day())}
        versions = [(self._exports.cutoff - 1, before), (int(login.timestamp()), item)]
        self._exports.add_versions(USERS, versions)

    def _last_full_day(self) -> str:
        moment = datetime.fromtimestamp(self._exports.cutoff, UTC) - timedelta(hours=13)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _happens(self, chance: float) -> bool:
        return self._exports.nights > 0 and bool(self._rng.random() < chance)

    def _moment(self) -> int:
        return self._exports.cutoff + int(self._rng.integers(0, 86_400 * self._exports.nights))


def _corrected(item: Item) -> Item:
    score = item["score"]
    assert isinstance(score, int)
    return dict(item) | {"score": score + 1, "graded": True}
