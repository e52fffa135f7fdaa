"""Golden mails: one HTML and one text per scenario in tests/golden/weekly_reports.

MAVPREP_UPDATE_GOLDEN=1 writes them anew; look at the difference before committing it.
"""

import os
import re
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from report_mailers import LETTERHEAD
from report_payloads import SCENARIOS

from mavprep_analytics.weekly_reports.explain import explain
from mavprep_analytics.weekly_reports.language import Language, language
from mavprep_analytics.weekly_reports.render import Rendered, Renderer
from mavprep_analytics.weekly_reports.view import Frame, build

GOLDEN = Path(__file__).parents[2] / "golden" / "weekly_reports"
FRAME = Frame(
    LETTERHEAD.links, "v1.unsubscribe.dTE.-.k1.mac", "v1.view.dTE.x.k1.mac", "1 Example St"
)
RENDERER = Renderer()
SMALLER_THAN = 80 * 1024
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


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_mail_is_the_golden_one(scenario: str) -> None:
    mail = rendered(scenario)
    for kind, content in (("html", mail.html), ("txt", mail.text)):
        path = GOLDEN / f"{scenario}.{kind}"
        if os.environ.get("MAVPREP_UPDATE_GOLDEN"):
            path.write_text(content, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == content, f"{path} differs"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_number_of_the_html_stands_in_the_text(scenario: str) -> None:
    mail = rendered(scenario)

    assert numbers(" ".join(visible(mail.html).text)) - numbers(mail.text) == set()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_number_of_the_text_is_explained(scenario: str) -> None:
    payload, code, _ = SCENARIOS[scenario]
    words = words_of(code)
    traced = list(explain(payload, "u1", words))

    shown = " ".join(row.shown for row in traced)
    frame = f"{words.week(payload.week_start)} 1 Example St {payload.timezone}"
    texts = " ".join(m.description for m in payload.plan.milestones) if payload.plan else ""
    names = " ".join([t.name for t in payload.mastery] + [t.name for t in payload.opportunities])
    known = numbers(f"{shown} {frame} {texts} {names}")
    assert numbers(rendered(scenario).text) - known == set()
    assert all(row.definition for row in traced)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_mail_is_small_and_needs_nothing_from_elsewhere(scenario: str) -> None:
    html = rendered(scenario).html

    allowed = (LETTERHEAD.links.app, LETTERHEAD.links.public)
    assert len(html.encode()) < SMALLER_THAN
    assert all(address.startswith(allowed) for address in visible(html).addresses)
    assert not re.search(r"<(img|svg|script|link|iframe|object)|url\(|@import|@font-face", html)
