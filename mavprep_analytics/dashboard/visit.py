"""One request by a known viewer, as the pages see it: parameters, the snapshot, and the answers they may give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mavprep_analytics.dashboard.access import Viewer
from mavprep_analytics.dashboard.database import Snapshot
from mavprep_analytics.dashboard.faults import BadParameter, NotFound
from mavprep_analytics.dashboard.paging import Cursor, decode


@dataclass(frozen=True)
class Publication:
    """The publication that a page shows: its sequence, as-of date and time."""

    sequence: int
    as_of: date
    published_at: datetime


@dataclass(frozen=True)
class Visit:
    """A request.

    Args:
        viewer: who asks.
        query: the parameters of the address.
        path: the parameters in its path.
        read: the snapshot that all reads of the page go through.
        publication: what the snapshot shows.
        now: the time of the request, UTC.
        render_mail: returns the HTML of a weekly report from its row; None: mails are not shown.
    """

    viewer: Viewer
    query: Mapping[str, str]
    path: Mapping[str, str]
    read: Snapshot
    publication: Publication
    now: datetime
    render_mail: "RenderMail | None"

    def university(self, chosen: str | None = None) -> str | None:
        """Return the row filter: the viewer's own university, else the chosen one; None: all.

        Raises:
            NotFound: the viewer chose a university that is not its own.
        """
        own = self.viewer.university
        if own is None or chosen in (None, own):
            return own or chosen
        raise NotFound("There is no such university within what this login may see.")

    def row_filter(self, university: str | None) -> dict[str, object]:
        """Return the parameters by which SQL keeps back rows and names.

        Args:
            university: what `university` returned.
        """
        return {"university": university, "with_names": self.viewer.sees_names}

    def cursor(self, name: str, *shape: type) -> Cursor | None:
        """Return the cursor parameter; None: the first page.

        Raises:
            BadParameter: it is damaged, or of a publication that does not exist yet.
        """
        value = self.query.get(name)
        if not value:
            return None
        cursor = decode(value, shape)
        if cursor.publication > self.publication.sequence:
            raise BadParameter("The link to this page is damaged. Start from the first page.")
        return cursor

    def is_older(self, *cursors: Cursor | None) -> bool:
        """Tell whether the page before was of an older publication: its ranks may have moved."""
        return any(c is not None and c.publication < self.publication.sequence for c in cursors)

    def mark(self, *key: int | str) -> str:
        """Return the cursor of a row of this publication."""
        return Cursor(self.publication.sequence, key).encode()


@dataclass(frozen=True)
class Page:
    """An answer in HTML: a template and its values."""

    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """An answer that stands in a frame of its own, with no right to run anything."""

    html: str


@dataclass(frozen=True)
class Download:
    """An answer in CSV, streamed from its own snapshot.

    Args:
        page: its name in the file name and in the audit table.
        columns: the header.
        statement: the name of the SQL that yields the rows, in the order of the columns.
        parameters: of the statement.
        filters: what was chosen, for the file name and the audit table.
    """

    page: str
    columns: tuple[str, ...]
    statement: str
    parameters: Mapping[str, object]
    filters: Mapping[str, str]


Answer = Page | Document | Download
RenderMail = Callable[[Mapping[str, Any]], str]
"""Returns a mail's HTML from its row; raises ValueError if the payload is of an unknown version."""
Handler = Callable[[Visit], Answer]
