"""What a page's route is, and which pages a role finds in the navigation."""

from dataclasses import dataclass
from typing import NamedTuple

from mavprep_analytics.dashboard.grants import Role
from mavprep_analytics.dashboard.visit import Handler

EVERYONE = frozenset(Role)
ADMINS = frozenset({Role.GLOBAL_ADMIN, Role.UNIVERSITY_ADMIN})

_SECTIONS = (
    ("/", "Overview"),
    ("/rankings", "Rankings"),
    ("/tests", "Tests"),
    ("/students", "Students"),
    ("/mastery", "Mastery"),
    ("/questions", "Questions"),
    ("/reports", "Weekly reports"),
    ("/freshness", "Freshness"),
)


@dataclass(frozen=True)
class PageRoute:
    """A page.

    Args:
        path: pattern of its address below the prefix.
        handler: makes its answer.
        section: address of the navigation entry that it belongs to; empty: none.
        roles: who may see it.
    """

    path: str
    handler: Handler
    section: str
    roles: frozenset[Role] = EVERYONE


class Entry(NamedTuple):
    """An entry of the navigation."""

    path: str
    title: str
    is_current: bool


def entries(role: Role, current: PageRoute) -> list[Entry]:
    """Return the navigation of a role."""
    return [
        Entry(path, title, path == current.section)
        for path, title in _SECTIONS
        if path != "/students" or role in ADMINS
    ]
