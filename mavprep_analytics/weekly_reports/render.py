"""Turns a view into the HTML and text parts: MJML is compiled once per process, Jinja2 runs per student."""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup
from mjml import mjml2html

from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.weekly_reports.sections import View

# Invisible filler after the preheader, so that the body's first words do not follow it in the inbox.
_PADDING = Markup("&#847;&zwnj;&#32;" * 40)  # noqa: S704 - a constant
_TAG = re.compile(r"(<[a-z][^<>]*>)")
_TAG_PIECES = re.compile(r'(?<=") |(?<=;)')
_JINJA = re.compile(r"{%.*?%}|{{.*?}}")
_STRUCTURE = re.compile(
    r"(?:(?<=<tr>)|(?<=<tbody>)|(?<=</t[dr]>)|(?<=</table>)|(?<=</tbody>)|(?<=<!\[endif\]-->))(?=<)"
    r"|(?<=>)(?=<(?:table|td|div|p|h[12]|a)\b)"
)
_LINE = 64
_LOOKS = {
    "tones": {"up": "u", "down": "d", "flat": "m"},
    "inks": {"up": "#046c4e", "down": "#9a3412", "flat": "#565e76"},
    "arrows": {"up": "▲ ", "down": "▼ ", "flat": ""},
    "discs": {
        "done": Markup("background-color:#d7f2e6;color:#046c4e"),
        "next": Markup("background-color:#e6e7fb;color:#4338ca"),
        "later": Markup("background-color:#eef0f7"),
    },
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


class _Environment(Environment):
    """Looks a view's names up as keys at once; Jinja would try attributes first, at a price."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return obj[attribute] of a view, else what Jinja finds."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment(*, autoescape: bool) -> Environment:
    environment = _Environment(
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=not autoescape,
        lstrip_blocks=not autoescape,
    )
    environment.globals.update(_LOOKS)
    return environment


def _squeezed(html: str) -> str:
    """Shorten runs of white space, and break long tags where white space means nothing.

    The mail gets smaller, and its lines so short that transport encoding leaves them whole.
    """
    short = re.sub(r"\s*\n\s*", "\n", html)
    pieces: list[str] = []
    column = 0
    for token in _TAG.split(_STRUCTURE.sub("\n", short)):
        is_tag = _TAG.fullmatch(token) is not None
        for number, piece in enumerate(_TAG_PIECES.split(token) if is_tag else [token]):
            joint = "" if not number or pieces[-1].endswith(";") else " "
            if number and column + _width(piece) > _LINE:
                joint, column = "\n", 0
            pieces.append(joint + piece)
            column = _width(piece.rpartition("\n")[2]) + (0 if "\n" in piece else column)
    return "".join(pieces)


def _width(text: str) -> int:
    """Return about how long a piece is in transport: = takes three characters, a value a few."""
    return len(_JINJA.sub("12345", text)) + 2 * text.count("=")
