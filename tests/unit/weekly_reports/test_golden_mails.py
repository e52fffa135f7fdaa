"""Golden mails: one HTML and one text per scenario in tests/golden/weekly_reports.

MAVPREP_UPDATE_GOLDEN=1 writes them anew; look at the difference before committing it.
"""

import os
import re
from pathlib import Path

import pytest
from golden_mails import numbers, rendered, visible, words_of
from report_mailers import LETTERHEAD
from report_payloads import SCENARIOS

from mavprep_analytics.weekly_reports.explain import explain

GOLDEN = Path(__file__).parents[2] / "golden" / "weekly_reports"
SMALLER_THAN = 80 * 1024


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
