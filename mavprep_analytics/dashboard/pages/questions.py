"""Question quality: the review queue with its reasons, the scatter, and one question with its options."""

from decimal import Decimal

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.charts import scatter
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.faults import BadParameter, NotFound
from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.paging import PAGE_ROWS
from mavprep_analytics.dashboard.releases import SMALLEST_GROUP
from mavprep_analytics.dashboard.visit import Download, Page, Visit

FLAGS = {
    "key_suspect": (
        "Key suspect",
        "A wrong option goes with higher rest scores than the key, or the correlation's interval is below 0.",
    ),
    "too_hard": ("Too hard", "Fewer than 20 % are right, or fewer than by guessing."),
    "too_easy": ("Too easy", "More than 95 % are right: it tells students apart no more."),
    "non_functional_distractor": (
        "Idle distractor",
        "A wrong option is chosen by fewer than 5 %.",
    ),
}
_COLUMNS = (
    "question_id",
    "question_text",
    "topic",
    "subject",
    "times_answered",
    "facility",
    "item_rest_r",
    "item_rest_r_low",
    "item_rest_r_high",
    "median_time_seconds",
    "key_suspect",
    "too_easy",
    "too_hard",
    "non_functional_distractor",
    "review_priority",
    "review_order",
)
_MOST = 1_000_000
_BEFORE_ALL = (2**30, "-2", "00000000-0000-0000-0000-000000000000")


def questions(visit: Visit) -> Page:
    """Show fifty questions of the review queue."""
    subject_id, flag, text = _filters(visit)
    after = visit.cursor("after", int, str, str)
    wanted = _queue_parameters(after.key if after else _BEFORE_ALL, subject_id, flag, text)
    rows = visit.read.rows("questions", **wanted, rows=PAGE_ROWS + 1)
    has_more = len(rows) > PAGE_ROWS
    del rows[PAGE_ROWS:]
    return Page(
        "pages/questions.html",
        {
            "questions": [row | {"flags": _flags(row)} for row in rows],
            "after": visit.mark(*_key(rows[-1])) if has_more else None,
            "is_first": after is None,
            "subjects": visit.read.rows("subjects"),
            "subject_id": subject_id,
            "flag": flag,
            "flags": FLAGS,
            "text": text,
            "counts": visit.read.row("question_flags"),
            "chart": scatter(visit.read.rows("question_points", subject_id=subject_id))
            if after is None
            else None,
        },
    )


def question(visit: Visit) -> Page:
    """Show one question with its options."""
    question_id = parameters.as_identifier(visit.path["question_id"], "The question")
    row = visit.read.row("question", question_id=question_id, smallest_group=SMALLEST_GROUP)
    if row is None:
        raise NotFound("There is no such question.")
    has_figures = row["times_answered"] is not None
    options = visit.read.rows("question_options", question_id=question_id) if has_figures else []
    return Page(
        "pages/question.html",
        {
            "question": row,
            "options": [row | {"label_attracts": _attracts(row, options)} for row in options],
            "flags": _flags(row) if has_figures else [],
            "smallest_group": SMALLEST_GROUP,
        },
    )


def _filters(visit: Visit) -> tuple[str | None, str | None, str | None]:
    return (
        parameters.identifier(visit.query, "subject"),
        parameters.choice(visit.query, "flag", ("any", *FLAGS)),
        parameters.text(visit.query, "q"),
    )


def _queue_parameters(
    key: tuple[int | str, ...], subject_id: str | None, flag: str | None, text: str | None
) -> dict[str, object]:
    priority, r, question_id = key
    return {
        "priority": priority,
        "r": _decimal(str(r)),
        "question_id": parameters.as_identifier(str(question_id), "The cursor"),
        "subject_id": subject_id,
        "flag": flag,
        "text": text,
        "smallest_group": SMALLEST_GROUP,
    }


def _decimal(text: str) -> Decimal:
    if len(text) > 12 or not text.isascii() or not text.lstrip("-").replace(".", "", 1).isdigit():
        raise BadParameter("The link to this page is damaged. Start from the first page.")
    return Decimal(text)


def _key(row: Row) -> tuple[int, str, str]:
    return row["priority"], str(row["sort_r"]), row["question_id"]


def _attracts(option: Row, options: list[Row]) -> bool:
    """Tell whether a wrong option goes with higher rest scores than the key."""
    key = max(
        (o["option_rest_r"] for o in options if o["is_key"] and o["option_rest_r"]), default=None
    )
    r = option["option_rest_r"]
    return not option["is_key"] and None not in (r, key) and r > key


def _flags(row: Row) -> list[tuple[str, str, str]]:
    """Return name, title and reason of each flag that is set."""
    return [(name, *words) for name, words in FLAGS.items() if row[name]]


def download(visit: Visit) -> Download:
    """Download the whole review queue with its filters."""
    subject_id, flag, text = _filters(visit)
    names = {row["subject_id"]: row["code"] for row in visit.read.rows("subjects")}
    chosen = {"subject": names.get(subject_id, subject_id), "flag": flag, "text": text}
    return Download(
        "questions",
        _COLUMNS,
        "questions",
        _queue_parameters(_BEFORE_ALL, subject_id, flag, text) | {"rows": _MOST},
        {name: value for name, value in chosen.items() if value},
    )


ROUTES = (
    PageRoute("/questions", questions, "/questions"),
    PageRoute("/questions.csv", download, "/questions"),
    PageRoute("/questions/{question_id}", question, "/questions"),
)
