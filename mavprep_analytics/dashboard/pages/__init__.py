"""The pages: one module per section of the navigation, and the table of all routes."""

from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.pages import (
    definitions,
    freshness,
    mastery,
    overview,
    questions,
    rankings,
    reports,
    students,
    tests,
)

PAGES: tuple[PageRoute, ...] = (
    *overview.ROUTES,
    *rankings.ROUTES,
    *tests.ROUTES,
    *students.ROUTES,
    *mastery.ROUTES,
    *questions.ROUTES,
    *reports.ROUTES,
    *freshness.ROUTES,
    *definitions.ROUTES,
)
