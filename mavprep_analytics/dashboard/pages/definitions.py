"""The definitions page: what every shown column means, from the table declarations."""

from mavprep_analytics.dashboard.navigation import PageRoute
from mavprep_analytics.dashboard.rendering import DEFINED
from mavprep_analytics.dashboard.visit import Page, Visit


def definitions(_visit: Visit) -> Page:
    """List the tables and columns with their meaning and unit."""
    return Page("pages/definitions.html", {"tables": list(DEFINED.values())})


ROUTES = (PageRoute("/definitions", definitions, ""),)
