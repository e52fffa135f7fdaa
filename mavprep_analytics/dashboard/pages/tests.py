"""Test leaderboards: the list of tests, and the board of one, turned by keyset and downloaded."""

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.faults import NotFound
from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.paging import PAGE_ROWS
from mavprep_analytics.dashboard.releases import SMALLEST_GROUP
from mavprep_analytics.dashboard.turning import turn
from mavprep_analytics.dashboard.visit import Download, Page, Visit

_COLUMNS = (
    "rank",
    "user_id",
    "display_name",
    "university",
    "score",
    "seconds",
    "attempts",
    "percentile",
    "achieved_at",
)


def tests(visit: Visit) -> Page:
    """List the tests that have a board, most participants first."""
    after = visit.cursor("after", int, str)
    participants, test_id = after.key if after else (None, "")
    text = parameters.text(visit.query, "q")
    subject_id = parameters.identifier(visit.query, "subject")
    rows = visit.read.rows(
        "tests",
        subject_id=subject_id,
        text=text,
        participants=participants,
        test_id=test_id,
        smallest_group=SMALLEST_GROUP,
        rows=PAGE_ROWS + 1,
    )
    has_more = len(rows) > PAGE_ROWS
    del rows[PAGE_ROWS:]
    return Page(
        "pages/tests.html",
        {
            "tests": rows,
            "after": visit.mark(rows[-1]["participants"], rows[-1]["test_id"])
            if has_more
            else None,
            "is_first": after is None,
            "subjects": visit.read.rows("subjects"),
            "subject_id": subject_id,
            "text": text,
        },
    )


def board(visit: Visit) -> Page:
    """Show fifty places of a test's board."""
    test_id = _test_id(visit)
    test = visit.read.row("test", test_id=test_id, smallest_group=SMALLEST_GROUP)
    if test is None:
        raise NotFound("There is no such test, or nobody has finished it.")
    start = parameters.place(visit.query, "from_rank") or 1
    filters = {"test_id": test_id} | visit.row_filter(visit.university())
    return Page(
        "pages/board.html",
        {
            "test": test,
            "turned": turn(visit, "board", filters, start),
            "from_rank": parameters.place(visit.query, "from_rank"),
        },
    )


def download(visit: Visit) -> Download:
    """Download a test's whole board."""
    test_id = _test_id(visit)
    if visit.read.row("test", test_id=test_id, smallest_group=SMALLEST_GROUP) is None:
        raise NotFound("There is no such test, or nobody has finished it.")
    university = visit.university()
    filters = {"test": test_id} | ({"university": university} if university else {})
    return Download(
        "test-leaderboard",
        _COLUMNS,
        "board_rows",
        {"test_id": test_id} | visit.row_filter(university),
        filters,
    )


def _test_id(visit: Visit) -> str:
    test_id = parameters.text(visit.path, "test_id")
    if test_id is None:
        raise NotFound("There is no such test, or nobody has finished it.")
    return test_id


ROUTES = (
    PageRoute("/tests", tests, "/tests"),
    PageRoute("/tests/{test_id:path}/board.csv", download, "/tests"),
    PageRoute("/tests/{test_id:path}", board, "/tests"),
)
