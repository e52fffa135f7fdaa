"""Rankings: turned by keyset, jumped into by rank, searched by student, filtered by university, downloaded."""

from dataclasses import dataclass
from typing import Any

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.faults import NotFound
from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.paging import PAGE_ROWS
from mavprep_analytics.dashboard.search import found_students
from mavprep_analytics.dashboard.turning import Turned, turn
from mavprep_analytics.dashboard.visit import Download, Page, Visit

BOARDS = {
    "reputation-global": "Reputation, everyone",
    "reputation-university": "Reputation, within a university",
    "reputation-subject": "Reputation, in a subject",
    "performance-subject": "Performance, in a subject",
}
_COLUMNS = (
    "rank",
    "user_id",
    "display_name",
    "university",
    "value",
    "percentile",
    "tie_size",
    "previous_rank",
)


@dataclass(frozen=True)
class Board:
    """One ranking and the row filter on it."""

    name: str
    scope_key: str
    university: str | None

    @property
    def key(self) -> dict[str, str]:
        """The parameters that name the ranking in SQL."""
        metric, scope = self.name.split("-")
        return {"metric": metric, "scope": scope, "scope_key": self.scope_key}


def rankings(visit: Visit) -> Page:
    """Show fifty places of a ranking, or the places of the students that were searched for."""
    subjects = visit.read.rows("subjects")
    universities = _universities(visit)
    board = _board(visit, subjects, universities)
    text = parameters.text(visit.query, "q")
    turned = _found(visit, board, text) if text else _turned(visit, board)
    population = visit.read.row("ranking_population", **board.key)
    return Page(
        "pages/rankings.html",
        {
            "boards": BOARDS,
            "board": board,
            "subjects": subjects,
            "universities": universities,
            "population": population["population"] if population else 0,
            "text": text,
            "from_rank": parameters.place(visit.query, "from_rank"),
            "turned": turned,
            "unit": "points" if board.name.startswith("reputation") else "chance of a right answer",
        },
    )


def download(visit: Visit) -> Download:
    """Download a whole ranking with its filters."""
    subjects = visit.read.rows("subjects")
    board = _board(visit, subjects, _universities(visit))
    names = {row["subject_id"]: row["code"] for row in subjects}
    filters = {"board": board.name, "key": names.get(board.scope_key, board.scope_key)}
    if board.university and board.university != board.scope_key:
        filters["university"] = board.university
    return Download(
        "rankings",
        _COLUMNS,
        "ranking_rows",
        board.key | visit.row_filter(board.university),
        filters,
    )


def _board(visit: Visit, subjects: list[Row], universities: list[Row]) -> Board:
    name = parameters.choice(visit.query, "board", BOARDS) or "reputation-global"
    chosen = visit.university(parameters.text(visit.query, "university"))
    if chosen and all(row["university"] != chosen for row in universities):
        raise NotFound("There is no such university within what this login may see.")
    subject_id = parameters.identifier(visit.query, "subject")
    if name == "reputation-global":
        return Board(name, "", chosen)
    if name == "reputation-university":
        return Board(name, chosen or _first(universities, "university"), chosen)
    if subject_id is not None and all(row["subject_id"] != subject_id for row in subjects):
        raise NotFound("There is no such subject.")
    return Board(name, subject_id or _first(subjects, "subject_id"), chosen)


def _first(rows: list[Row], column: str) -> str:
    return str(rows[0][column]) if rows else ""


def _universities(visit: Visit) -> list[Row]:
    if visit.viewer.university is not None:
        return [{"university": visit.viewer.university}]
    return visit.read.rows("universities")


def _turned(visit: Visit, board: Board) -> Turned:
    filters: dict[str, Any] = board.key | visit.row_filter(board.university)
    start = parameters.place(visit.query, "from_rank") or 1
    return turn(visit, "ranking", filters, start)


def _found(visit: Visit, board: Board, text: str) -> Turned:
    students = found_students(visit, text, PAGE_ROWS)
    rows = visit.read.rows(
        "ranking_of_students",
        **board.key,
        **visit.row_filter(board.university),
        user_ids=[row["user_id"] for row in students],
    )
    return Turned(rows)


ROUTES = (
    PageRoute("/rankings", rankings, "/rankings"),
    PageRoute("/rankings.csv", download, "/rankings"),
)
