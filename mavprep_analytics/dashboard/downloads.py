"""Streams a download as CSV: recorded first, two at a time, from one snapshot, with flat memory."""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from threading import BoundedSemaphore
from typing import Any

from starlette.responses import Response, StreamingResponse

from mavprep_analytics.dashboard.csv_rows import BYTE_ORDER_MARK, csv_lines, file_name
from mavprep_analytics.dashboard.database import Database
from mavprep_analytics.dashboard.faults import TooMany
from mavprep_analytics.dashboard.visit import Download, Visit

_AT_ONCE = 2
_LINES_PER_CHUNK = 500


class Downloads:
    """Answers with CSV.

    Args:
        database: takes the audit row.
        most_per_hour: downloads that a login may make within an hour.
    """

    def __init__(self, database: Database, most_per_hour: int) -> None:
        self._database = database
        self._most_per_hour = most_per_hour
        self._places = BoundedSemaphore(_AT_ONCE)

    def response(self, download: Download, visit: Visit, stack: ExitStack) -> Response:
        """Record the download and return its stream, which keeps the page's snapshot open.

        Args:
            download: what was asked for.
            visit: by whom, and the snapshot.
            stack: holds the snapshot; its closing moves to the end of the stream.

        Raises:
            TooMany: two downloads are running, or the login made too many within the hour.
            Unavailable: the audit row could not be written, or the rows cannot be read.
        """
        if not self._places.acquire(blocking=False):
            raise TooMany("Two downloads are running. Try again when one of them is done.")
        stack.callback(self._places.release)
        rows = visit.read.stream(download.statement, **download.parameters)
        first = list(islice(rows, 1))  # a failing statement fails here, not in mid-file
        self._record(download, visit)
        name = file_name(download.page, visit.publication.as_of, download.filters.values())
        chunks = _chunks(chain([download.columns], first, rows), stack.pop_all())
        begun = next(chunks)  # a begun generator also ends its snapshot when the visitor leaves
        return StreamingResponse(
            chain([begun], chunks),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Encoding": "identity",
            },
        )

    def _record(self, download: Download, visit: Visit) -> None:
        written = self._database.record(
            "audit",
            login=visit.viewer.login,
            role=visit.viewer.role.value,
            university=visit.viewer.university,
            export=download.page,
            filters=json.dumps(dict(download.filters)),
            publication=visit.publication.sequence,
            most=self._most_per_hour,
        )
        if not written:
            raise TooMany(
                f"This login made {self._most_per_hour} downloads within an hour. Try again later."
            )


def _chunks(rows: Iterable[Any], stack: ExitStack) -> Iterator[bytes]:
    with stack:
        yield BYTE_ORDER_MARK.encode()
        lines = csv_lines(rows)
        while chunk := "".join(islice(lines, _LINES_PER_CHUNK)):
            yield chunk.encode()
