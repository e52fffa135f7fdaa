"""The golden scenarios rendered, and what a reader sees of them."""

import re
from gettext import NullTranslations
from html.parser import HTMLParser

from babel import Locale
from report_mailers import LETTERHEAD
from report_payloads import SCENARIOS

from mavprep_analytics.weekly_reports.language import Language, language
from mavprep_analytics.weekly_reports.render import Rendered, Renderer
from mavprep_analytics.weekly_reports.view import Frame, build

FRAME = Frame(
    LETTERHEAD.links, "v1.unsubscribe.dTE.-.k1.mac", "v1.view.dTE.x.k1.mac", "1 Example St"
)
RENDERER = Renderer()
_NUMBER = re.compile(r"\d[\d.,\u202f\u00a0]*\d|\d")


def words_of(code: str) -> Language:
    """Return a language; of Arabic only the direction and formats, for there is no translation."""
    return Language(Locale(code), NullTranslations()) if code == "ar" else language(code)


def rendered(scenario: str) -> Rendered:
    payload, code, name = SCENARIOS[scenario]
    return RENDERER.render(build(payload, words_of(code), FRAME, name))


class _Visible(HTMLParser):
    """Collects the text that a reader sees, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.addresses: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "title")
        self.addresses += [
            value for name, value in attributes if name in ("href", "src", "action") and value
        ]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


def visible(html: str) -> _Visible:
    reader = _Visible()
    reader.feed(html)
    return reader


def numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(re.sub(r"https?://\S+", "", text)))
