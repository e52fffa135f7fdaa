"""The public pages of the weekly report: unsubscribe in one click, and the mail in a browser.

A GET changes nothing, since mail scanners follow every link; only a POST does, without login, cookie
or redirect (RFC 8058). A token that is forged, foreign or of another purpose gets the same 404 as none.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from msgspec import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mavprep_analytics.packaged_files import read_packaged
from mavprep_analytics.weekly_reports.language import Language, language
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.payload import decode
from mavprep_analytics.weekly_reports.render import Renderer
from mavprep_analytics.weekly_reports.tokens import Keys, Purpose
from mavprep_analytics.weekly_reports.view import Frame, build

WRONG_TOKENS = 10
WINDOW_SECONDS = 60.0
_CLIENTS = 10_000
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass
class Guesses:
    """Counts wrong tokens per client, so that guessing is slow; right ones are never limited."""

    clock: Callable[[], float] = time.monotonic
    _wrong: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def are_too_many(self, client: str) -> bool:
        """Whether the client gave ten wrong tokens within a minute."""
        with self._lock:
            since = self.clock() - WINDOW_SECONDS
            return sum(1 for at in self._wrong.get(client, []) if at > since) >= WRONG_TOKENS

    def count(self, client: str) -> None:
        """Note a wrong token."""
        with self._lock:
            recent = self._wrong.setdefault(client, [])
            recent.append(self.clock())
            del recent[:-WRONG_TOKENS]
            self._wrong.move_to_end(client)
            while len(self._wrong) > _CLIENTS:
                self._wrong.popitem(last=False)


@dataclass
class ReportPages:
    """The pages; `routes` mounts beside others, `app` stands alone.

    Args:
        database_url: where suppressions are written and reports are read.
        keys: that signed the links.
        links: for the mail in the browser.
        postal_address: in its footer.
    """

    database_url: str
    keys: Keys
    links: Links
    postal_address: str = ""
    renderer: Renderer = field(default_factory=Renderer)
    guesses: Guesses = field(default_factory=Guesses)

    @property
    def routes(self) -> list[Route]:
        """`/unsubscribe/{token}` and `/view/{token}`."""
        return [
            Route("/unsubscribe/{token}", self._ask, methods=["GET"]),
            Route("/unsubscribe/{token}", self._unsubscribe, methods=["POST"]),
            Route("/view/{token}", self._view, methods=["GET"]),
        ]

    @property
    def app(self) -> Starlette:
        """The pages as an application of their own."""
        return Starlette(routes=self.routes)

    def mail(self, row: Mapping[str, Any]) -> str:
        """Return the HTML of a stored report (columns payload and language), without a name.

        Raises:
            msgspec.ValidationError: the payload is of another version.
        """
        words = language(row["language"])
        frame = Frame(self.links, postal_address=self.postal_address)
        return self.renderer.html(build(decode(row["payload"]), words, frame, None))

    def _ask(self, request: Request) -> Response:
        words = _words(request)
        if self._token(request, "unsubscribe") is None:
            return _not_found(words)
        button = words.say("Unsubscribe")
        return _page(
            words,
            words.say("Stop the weekly report?"),
            words.say("You will get no more weekly reports. Other mails are not affected."),
            f'<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
            f"<button>{escape(button)}</button></form>",
        )

    def _unsubscribe(self, request: Request) -> Response:
        words = _words(request)
        found = self._token(request, "unsubscribe")
        if found is None:
            return _not_found(words)
        with Outbox(self.database_url) as outbox:
            outbox.opt_out("user", found[0], "unsubscribed")
        return _page(
            words,
            words.say("You are unsubscribed"),
            words.say("No weekly report will reach you any more. You can switch it on in the app."),
            f'<p><a href="{escape(self.links.settings())}">{escape(words.say("Change settings"))}</a></p>',
        )

    def _view(self, request: Request) -> Response:
        words = _words(request)
        found = self._token(request, "view")
        if found is None or found[1] is None:
            return _not_found(words)
        with Outbox(self.database_url) as outbox:
            stored = outbox.report(found[1], found[0])
        if stored is None:
            return _not_found(words)
        try:
            html = self.mail({"payload": stored.payload, "language": stored.language})
        except ValidationError:
            return _not_found(words)
        return HTMLResponse(html, headers=_HEADERS)

    def _token(self, request: Request, purpose: Purpose) -> tuple[str, date | None] | None:
        client = request.client.host if request.client else ""
        if self.guesses.are_too_many(client):
            return None
        found = self.keys.verify(purpose, request.path_params["token"])
        if found is None:
            self.guesses.count(client)
        return found


def _not_found(words: Language) -> Response:
    return _page(
        words,
        words.say("This link does not work"),
        words.say("Open the newest mail and use its link, or change your settings in the app."),
        status=404,
    )


def _words(request: Request) -> Language:
    wanted = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return language(wanted or None)


def _page(
    words: Language, title: str, text: str, more: str = "", *, status: int = 200
) -> HTMLResponse:
    """Return a small page; `more` is markup, all else is escaped."""
    page = read_packaged("reports/weekly_report/page.html")
    values = {
        "lang": escape(words.code),
        "dir": words.direction,
        "title": escape(title),
        "text": escape(text),
        "more": more,
    }
    for name, value in values.items():
        page = page.replace(f"<!-- {name} -->", value)
    return HTMLResponse(page, status_code=status, headers=_HEADERS)
