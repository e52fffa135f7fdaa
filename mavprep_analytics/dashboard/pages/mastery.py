"""The mastery heat map, university by topic, from released aggregates alone; drilled into along the topic tree."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.faults import NotFound
from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.releases import SMALLEST_GROUP
from mavprep_analytics.dashboard.visit import Download, Page, Visit
from mavprep_analytics.periods import week_start

_ROWS = 100
_COLUMNS = ("item", "name", "part", "university", "mean", "as_of")
_WEEK = timedelta(weeks=1)
_STEPS = (2, 5, 10)  # points from the sum of the shown at which the colour changes


@dataclass(frozen=True)
class Cell:
    """A released group at a topic.

    Args:
        students: behind it; shown as a range only.
        mean: their mean mastery.
        change: against the release of the week before, in points; None: there is none.
        held: the date of the figure, if it is of an earlier week than the page; None: it is of this one.
        distance: points above the sum of the shown; None: it is that sum.
    """

    students: int
    mean: Decimal
    change: int | None
    held: date | None
    distance: Decimal | None = None

    @property
    def shade(self) -> str:
        """Class of the colour: `s0` to `s9` by tenths of the scale for the sum, `m3` to `p3` by distance from it."""
        if self.distance is None:
            return f"s{min(int(self.mean * 10), 9)}"
        steps = sum(abs(self.distance) >= step for step in _STEPS)
        return f"{'p' if self.distance > 0 else 'm'}{steps}" if steps else "z"


@dataclass(frozen=True)
class Line:
    """A row of the heat map: a university, or the sum of the shown."""

    part: str
    university: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Place:
    """Where in the tree of topics a visitor stands: the subject, the way down in it, and the columns there."""

    subjects: list[Row]
    subject: Row | None
    path: list[Row]
    columns: list[dict[str, object]]

    @property
    def items(self) -> list[object]:
        """The items of the columns."""
        return [column["item"] for column in self.columns]


def _place(visit: Visit) -> Place:
    subjects = visit.read.rows("subjects")
    subject = _subject(subjects, parameters.identifier(visit.query, "subject"))
    parent = parameters.identifier(visit.query, "topic")
    path = _path(visit, subject, parent)
    return Place(subjects, subject, path, _items(visit, subject, parent, path))


def mastery(visit: Visit) -> Page:
    """Show the topics of a subject, or below a topic, by university."""
    place = _place(visit)
    lines = _lines(
        visit.read.rows(
            "released_mastery",
            items=place.items,
            university=visit.university(),
        ),
        visit.publication.as_of,
    )
    start = parameters.text(visit.query, "from") or ""
    shown = [line for line in lines if line.part != "university" or line.university >= start]
    universities = [line for line in shown if line.part == "university"]
    return Page(
        "pages/mastery.html",
        {
            "subjects": place.subjects,
            "subject": place.subject,
            "path": place.path,
            "columns": place.columns,
            "lines": universities[:_ROWS],
            "pooled": [line for line in lines if line.part != "university"],
            "holds": any(cell.held for line in universities for cell in line.cells.values()),
            "next_from": universities[_ROWS].university if len(universities) > _ROWS else None,
            "smallest_group": SMALLEST_GROUP,
        },
    )


def download(visit: Visit) -> Download:
    """Download the heat map of a subject, or below a topic: the released groups and no others."""
    place = _place(visit)
    filters = {
        "subject": str(place.subject["code"]) if place.subject else "",
        "topic": str(place.path[-1]["name"]) if place.path else "",
    }
    return Download(
        "mastery",
        _COLUMNS,
        "mastery_rows",
        {"items": place.items, "university": visit.university()},
        {name: value for name, value in filters.items() if value},
    )


def _subject(subjects: list[Row], subject_id: str | None) -> Row | None:
    if subject_id is None:
        return subjects[0] if subjects else None
    for subject in subjects:
        if subject["subject_id"] == subject_id:
            return subject
    raise NotFound("There is no such subject.")


def _path(visit: Visit, subject: Row | None, parent: str | None) -> list[Row]:
    if parent is None or subject is None:
        return []
    path = visit.read.rows("topic_path", topic_id=parent, subject_id=subject["subject_id"])
    if not path:
        raise NotFound("There is no such topic in this subject.")
    return path


def _items(
    visit: Visit, subject: Row | None, parent: str | None, path: list[Row]
) -> list[dict[str, object]]:
    """Return the columns: the whole above first, then its parts."""
    if subject is None:
        return []
    whole = (
        {"item": path[-1]["item"], "name": f"All of {path[-1]['name']}"}
        if path
        else {"item": subject["subject_id"], "name": "Whole subject"}
    )
    parts = visit.read.rows(
        "mastery_items", subject_id=subject["subject_id"], parent_topic_id=parent
    )
    return [whole | {"has_children": False}, *parts]


def _lines(rows: Iterable[Row], as_of: date) -> list[Line]:
    lines: dict[tuple[str, str], Line] = {}
    for row in rows:
        key = (row["part"], row["university"])
        line = lines.setdefault(key, Line(*key, {}))
        line.cells[row["item"]] = _cell(row, as_of)
    whole = lines.get(("all", ""), Line("all", "", {})).cells
    for key, line in lines.items():
        if key[0] == "university":
            for item, cell in line.cells.items():
                line.cells[item] = _placed(cell, whole.get(item))
    return list(lines.values())


def _cell(row: Row, as_of: date) -> Cell:
    mean = row["total"] / row["students"]
    if week_start(row["as_of"]) < week_start(as_of):
        return Cell(row["students"], mean, None, row["as_of"])
    change = None
    if row["previous_students"] and row["previous_as_of"] >= week_start(as_of) - _WEEK:
        change = round((mean - row["previous_total"] / row["previous_students"]) * 100)
    return Cell(row["students"], mean, change, None)


def _placed(cell: Cell, whole: Cell | None) -> Cell:
    return replace(cell, distance=(cell.mean - whole.mean) * 100) if whole else cell


ROUTES = (
    PageRoute("/mastery", mastery, "/mastery"),
    PageRoute("/mastery.csv", download, "/mastery"),
)
