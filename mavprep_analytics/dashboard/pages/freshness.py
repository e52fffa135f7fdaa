"""Freshness and publications: what was published when, from which exports, and what was left out and why."""

from mavprep_analytics.dashboard.access import Role
from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.visit import Page, Visit


def freshness(visit: Visit) -> Page:
    """Show the publications, the newest one's tables, the export files and unresolved references."""
    with_students = visit.viewer.role is Role.GLOBAL_ADMIN
    return Page(
        "pages/freshness.html",
        {
            "publications": visit.read.rows("publications"),
            "exports": visit.read.rows("export_files"),
            "unresolved_kinds": visit.read.rows("unresolved_kinds"),
            "unresolved": visit.read.rows("unresolved_references", with_students=with_students),
            "with_students": with_students,
        },
    )


ROUTES = (PageRoute("/freshness", freshness, "/freshness"),)
