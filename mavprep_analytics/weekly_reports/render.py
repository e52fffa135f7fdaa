"""Turns a view into the HTML and text parts: MJML is compiled once per process, Jinja2 runs per student."""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from jinja2 import Environment, StrictUndefined, Template
from mjml import mjml2html

from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.weekly_reports.sections import View

# Invisible filler after the preheader, so that the body's first words do not follow it in the inbox.
_PADDING = "\u034f\u200c " * 60
_LOOKS = {
    "tones": {"up": "u", "down": "d", "flat": "m"},
    "inks": {"up": "#046c4e", "down": "#9a3412", "flat": "#565e76"},
    "arrows": {"up": "▲ ", "down": "▼ ", "flat": ""},
    "padding": _PADDING,
}


@dataclass(frozen=True)
class Rendered:
    """The two parts of one mail."""

    html: str
    text: str


class Renderer:
    """The compiled templates."""

    def render(self, view: View) -> Rendered:
        """Render one student's mail; both parts say the same."""
        return Rendered(self._html.render(view), self._text.render(view))

    def html(self, view: View) -> str:
        """Render the HTML part alone, for the browser."""
        return self._html.render(view)

    @cached_property
    def version(self) -> str:
        """Digest of the templates, kept with each sent mail."""
        sources = (read_packaged(f"reports/weekly_report/{n}") for n in ("layout.mjml", "body.txt"))
        return sha256("\n".join(sources).encode()).hexdigest()[:12]

    @cached_property
    def _html(self) -> Template:
        compiled = mjml2html(read_packaged("reports/weekly_report/layout.mjml"), fonts={})
        return _environment(autoescape=True).from_string(_squeezed(compiled))

    @cached_property
    def _text(self) -> Template:
        return _environment(autoescape=False).from_string(
            read_packaged("reports/weekly_report/body.txt")
        )


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        autoescape=autoescape,  # noqa: S701 - off for the plain-text part alone
        undefined=StrictUndefined,
        trim_blocks=not autoescape,
        lstrip_blocks=not autoescape,
    )
    environment.globals.update(_LOOKS)
    return environment


def _squeezed(html: str) -> str:
    """Shorten runs of white space to one line break: smaller mails, and short lines in transport."""
    return re.sub(r"\s*\n\s*", "\n", html)
