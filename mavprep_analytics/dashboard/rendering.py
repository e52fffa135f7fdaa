"""Turns a template of `reports/dashboard/` and its values into HTML. All is escaped; a missing value is a defect."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mavprep_analytics.dashboard import formats
from mavprep_analytics.dashboard.assets import Assets
from mavprep_analytics.packaged_files import packaged_folder
from mavprep_analytics.tables import dashboard, leaderboards, mastery, questions, rankings, weeks
from mavprep_analytics.tables.declaration import Column, Table

DEFINED: dict[str, Table] = {
    table.name: table
    for module in (rankings, leaderboards, mastery, questions, weeks, dashboard)
    for table in module.TABLES
    if table.published or table.name == "released_aggregates"
}
"""The tables whose columns have a definition on the definitions page."""


class Renderer:
    """The templates with their filters and the addresses of pages and files.

    Args:
        prefix: path that the app stands under; empty or `/…`.
    """

    def __init__(self, prefix: str) -> None:
        folder = packaged_folder("reports") / "dashboard"
        self.prefix = prefix
        self.assets = Assets(folder / "static")
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= _FILTERS
        self._environment.globals |= {
            "url": self.url,
            "asset": lambda name: f"{prefix}/static/{self.assets.address(name)}",
            "defined": _defined,
            "level_words": formats.LEVEL_WORDS,
        }

    def url(self, path: str, *parts: str, **query: object) -> str:
        """Return the address of a page; parts are quoted, empty query values left out."""
        address = self.prefix + path + "".join("/" + quote(part, safe="") for part in parts)
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return address + ("?" + urlencode(given) if given else "")

    def html(self, template: str, values: Mapping[str, Any]) -> str:
        """Return the page."""
        return self._environment.get_template(template).render(values)


def _defined(table: str, column: str) -> Column:
    return DEFINED[table][column]


_FILTERS = {
    "number": formats.number,
    "exact": formats.exact,
    "percent": formats.percent,
    "signed": formats.signed,
    "day": formats.day,
    "moment": formats.moment,
    "weekday": formats.weekday,
    "short_id": formats.short_id,
    "duration": formats.duration,
    "band": formats.band,
    "move": formats.move,
}
