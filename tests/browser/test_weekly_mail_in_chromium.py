"""Every golden mail in Chromium: light, dark, a phone, a desktop, and with its style sheet stripped."""

import re
from collections.abc import Iterator

import pytest
from golden_mails import numbers, rendered
from playwright.sync_api import Browser, Page
from report_payloads import SCENARIOS

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_STYLES = re.compile(r"<style.*?</style>", re.DOTALL)
PRIMARY = "rgb(67, 56, 202)"
"""The colour of a primary button."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    yield context.new_page()
    context.close()


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_axe_finds_nothing_in_both_schemes(page: Page, axe: str, scenario: str) -> None:
    html = rendered(scenario).html
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_content(html)
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
        told = [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
        assert told == [], scheme
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_mail_fits_phone_and_desktop_with_and_without_styles(page: Page, scenario: str) -> None:
    html = rendered(scenario).html
    for wide in (320, 375, 600):
        page.set_viewport_size({"width": wide, "height": 800})
        for content in (html, _STYLES.sub("", html)):
            page.set_content(content)
            assert width(page) <= wide
    page.set_viewport_size({"width": 375, "height": 800})


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_mail_loads_nothing_and_has_one_headline_and_one_button(
    page: Page, scenario: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.set_content(rendered(scenario).html, wait_until="networkidle")

    buttons = page.evaluate(
        "colour => [...document.querySelectorAll('a')]"
        ".filter(a => getComputedStyle(a).backgroundColor === colour).length",
        PRIMARY,
    )
    assert asked == []
    assert page.locator("h1").count() == 1
    assert buttons == 1


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_number_on_the_screen_stands_in_the_text_part(page: Page, scenario: str) -> None:
    mail = rendered(scenario)

    page.set_content(mail.html)
    seen = numbers(page.inner_text("body"))

    assert seen
    assert seen - numbers(mail.text) == set()


def test_gain_and_loss_are_told_without_colour(page: Page) -> None:
    page.set_content(rendered("strong").html)

    gained, lost = page.locator("td.g").first, page.locator("td.l").first
    shape = "cell => getComputedStyle(cell).backgroundColor"

    assert gained.evaluate(shape) != "rgba(0, 0, 0, 0)"
    assert lost.evaluate(shape) == "rgba(0, 0, 0, 0)"
    assert "\N{MINUS SIGN}5\u00a0pts" in page.inner_text("body")
