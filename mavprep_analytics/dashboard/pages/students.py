"""A student's page: ranks with what moved them, mastery, weeks, tests, and the exact mails; found by search."""

from collections import defaultdict
from typing import Any

from mavprep_analytics.dashboard import parameters
from mavprep_analytics.dashboard.database import Row
from mavprep_analytics.dashboard.faults import NotFound
from mavprep_analytics.dashboard.navigation import ADMINS, PageRoute
from mavprep_analytics.dashboard.pages.reports import STATUSES
from mavprep_analytics.dashboard.search import found_students
from mavprep_analytics.dashboard.visit import Document, Page, Visit

_ROWS = 30
_DEEPEST = 20


def students(visit: Visit) -> Page:
    """Search for students."""
    text = parameters.text(visit.query, "q")
    found = found_students(visit, text, _ROWS) if text else []
    return Page("pages/students.html", {"text": text, "found": found, "most": _ROWS})


def student(visit: Visit) -> Page:
    """Show all that is published about one student."""
    user_id = _user_id(visit)
    person = visit.read.row("student", user_id=user_id, university=visit.university())
    if person is None:
        raise NotFound("There is no such student within what this login may see.")
    topics = visit.read.rows("student_topics", user_id=user_id)
    subjects = visit.read.rows("student_subjects", user_id=user_id)
    return Page(
        "pages/student.html",
        {
            "person": person,
            "ranks": visit.read.rows("student_ranks", user_id=user_id),
            "subjects": [(subject, _tree(topics, subject["subject_id"])) for subject in subjects],
            "difficulties": visit.read.rows("student_difficulties", user_id=user_id),
            "weeks": visit.read.rows("student_weeks", user_id=user_id),
            "tests": visit.read.rows("student_tests", user_id=user_id),
            "reports": visit.read.rows("student_reports", user_id=user_id),
            "statuses": STATUSES,
        },
    )


def report(visit: Visit) -> Page:
    """Show where a weekly report stands, with the mail in a frame."""
    return Page(
        "pages/report.html",
        {"report": _report(visit), "can_show": visit.render_mail, "statuses": STATUSES},
    )


def mail(visit: Visit) -> Document:
    """Show the mail alone, rendered from its frozen payload."""
    row = _report(visit)
    if visit.render_mail is None:
        raise NotFound("Mails are not shown by this server.")
    try:
        return Document(visit.render_mail(row))
    except ValueError:
        raise NotFound("This report was frozen in a form that is shown no more.") from None


def _user_id(visit: Visit) -> str:
    user_id = parameters.text(visit.path, "user_id")
    if user_id is None:
        raise NotFound("There is no such student within what this login may see.")
    return user_id


def _report(visit: Visit) -> Row:
    row = visit.read.row(
        "student_report",
        user_id=_user_id(visit),
        week_start=parameters.week(visit.path["week"]),
        university=visit.university(),
    )
    if row is None:
        raise NotFound("There is no such report within what this login may see.")
    return row


def _tree(topics: list[Row], subject_id: str) -> list[dict[str, Any]]:
    """Return a subject's topics in tree order with their depth; a topic whose parent is absent is a root."""
    mine = [topic for topic in topics if topic["subject_id"] == subject_id]
    known = {topic["topic_id"] for topic in mine}
    children: dict[str | None, list[Row]] = defaultdict(list)
    for topic in mine:
        parent = topic["parent_topic_id"]
        children[parent if parent in known else None].append(topic)
    ordered: list[dict[str, Any]] = []
    stack = [(topic, 0) for topic in reversed(children[None])]
    while stack:
        topic, depth = stack.pop()
        ordered.append({**topic, "depth": min(depth, _DEEPEST)})
        stack += [(child, depth + 1) for child in reversed(children[topic["topic_id"]])]
    return ordered


ROUTES = (
    PageRoute("/students", students, "/students", ADMINS),
    PageRoute("/students/{user_id:path}/reports/{week}/mail", mail, "/students", ADMINS),
    PageRoute("/students/{user_id:path}/reports/{week}", report, "/students", ADMINS),
    PageRoute("/students/{user_id:path}", student, "/students", ADMINS),
)
