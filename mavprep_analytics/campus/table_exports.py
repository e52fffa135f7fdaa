"""MavPrep's seven tables as exports that are written side by side.

Here: which item goes to which table, and, for nightly campuses, to which night's window. Not here: what
the items are.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from mavprep_analytics.campus.destinations import Destination
from mavprep_analytics.campus.export_writer import (
    Change,
    ExportOptions,
    ExportWriter,
    ExportWritten,
    Item,
)
from mavprep_analytics.campus.manifests import Full, Incremental

USERS, PROGRESS, FLASHCARDS = "MavPrep-Users", "MavPrep-Progress", "MavPrep-Flashcards"
STUDY_PLANS, COMMUNITY = "MavPrep-StudyPlans", "MavPrep-Community"
COMMENTS, REPUTATION = "MavPrep-Comments", "MavPrep-Reputation"
TABLES = (USERS, PROGRESS, FLASHCARDS, STUDY_PLANS, COMMUNITY, COMMENTS, REPUTATION)
_CAMPUS_LEVEL = 1
_ONE_DAY = timedelta(days=1)


class TableExports:
    """One full export per table at `until - nights`, then one incremental export per table and night.

    Args:
        destination: where they go.
        until: end of the last night, exclusive, UTC.
        nights: how many of the last days are incremental exports.
        seed: enters the exports' names.

    Attributes:
        cutoff: end of the full exports, in epoch seconds; with no nights everything is before it.
    """

    def __init__(
        self, destination: Destination, until: datetime, nights: int = 0, seed: str = ""
    ) -> None:
        options = ExportOptions(seed=seed, level=_CAMPUS_LEVEL)
        nightly = replace(options, data_files=2)
        self._full_end = until - nights * _ONE_DAY
        self.nights = nights
        self.cutoff = int(self._full_end.timestamp())
        self._stack = ExitStack()
        self._full = {
            table: self._open(destination, table, Full(self._full_end), options) for table in TABLES
        }
        self._nights = [
            {
                table: self._open(destination, table, self._window(night), nightly)
                for table in TABLES
            }
            for night in range(nights)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(self, table: str, items: Iterable[Item]) -> None:
        """Add items that were there before the first night."""
        add = self._full[table].add
        for item in items:
            add(item)

    def add_written(self, table: str, item: Item, written_at: int) -> None:
        """Add an item written once, at an epoch second: to the full export or to that night's."""
        if written_at < self.cutoff:
            self._full[table].add(item)
        else:
            self.change(table, None, item, written_at)

    def add_versions(self, table: str, versions: Iterable[tuple[int, Item]]) -> None:
        """Add the versions of one item, oldest first, with the epoch seconds of their writing.

        The last one before the nights goes to the full export, the last one of each night to its
        window: an export holds a key once.
        """
        newest = {self._night(written_at): (written_at, item) for written_at, item in versions}
        old: Item | None = None
        for night, (written_at, item) in newest.items():
            if night < 0:
                self._full[table].add(item)
            else:
                self.change(table, old, item, written_at)
            old = item

    def change(self, table: str, old: Item | None, new: Item | None, written_at: int) -> None:
        """Add the change of one key to the night in which it happened."""
        image = new or old
        assert image is not None
        night = self._night(written_at)
        keys = {"PK": image["PK"], "SK": image["SK"]}
        micros = written_at * 1_000_000 + hash_micros(str(image["SK"]))
        self._nights[night][table].add_change(Change(keys, new, old, micros))

    def finish(self) -> list[ExportWritten]:
        """Complete all exports, full ones first, then night by night."""
        writers = [*self._full.values(), *(w for night in self._nights for w in night.values())]
        return [writer.finish() for writer in writers]

    def _night(self, written_at: int) -> int:
        """Return the number of the night, -1 for everything before the nights."""
        return max(-1, (written_at - self.cutoff) // 86_400)

    def _open(
        self,
        destination: Destination,
        table: str,
        extent: Full | Incremental,
        options: ExportOptions,
    ) -> ExportWriter:
        return self._stack.enter_context(ExportWriter(destination, table, extent, options))

    def _window(self, night: int) -> Incremental:
        start = self._full_end + night * _ONE_DAY
        return Incremental(start, start + _ONE_DAY)


def hash_micros(text: str) -> int:
    """Return a fraction of a second, in microseconds, that depends on the text alone."""
    return sum(text.encode()) * 7_919 % 1_000_000
