"""The dashboards as people use them: filters, search, pages, Back, downloads, schemes, phones, no JavaScript, axe."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, HttpCredentials, Page, expect

PAGES = (
    "/",
    "/rankings",
    "/rankings?q=zzzz",
    "/tests",
    "/tests/mock%2Fexam%20%3F1",
    "/students?q=ines",
    "/students/u0000012",
    "/students/u0000011/reports/2026-11-09",
    "/mastery",
    "/questions",
    "/reports",
    "/freshness",
    "/definitions",
    "/nope",
)
SCHEMES: dict[Literal["light", "dark"], str] = {
    "light": "rgb(238, 240, 246)",
    "dark": "rgb(13, 15, 24)",
}
LOGIN: HttpCredentials = {"username": "admin", "password": "mavprep"}


@contextmanager
def opened_in(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own and collect what the console complains about."""
    settings = {"viewport": {"width": 1280, "height": 900}} | options
    context = browser.new_context(base_url=address, http_credentials=LOGIN, **settings)
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, complaints
    context.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened_in(browser, address) as (page, complaints):
        yield page
    assert complaints == []


def test_a_filter_changes_the_rows_and_the_address_and_back_undoes_it(page: Page) -> None:
    page.goto("/rankings")
    heading = page.locator("#list")
    expect(heading).to_have_text("Reputation, everyone")
    page.get_by_label("Ranking").select_option("performance-subject")
    expect(heading).to_have_text("Performance, in a subject: Biology")
    assert "board=performance-subject" in page.url
    page.go_back()
    expect(heading).to_have_text("Reputation, everyone")
    expect(page.locator("tbody tr")).to_have_count(50)


def test_search_while_typing_then_next_then_back(page: Page) -> None:
    page.goto("/rankings")
    page.get_by_label("Student").press_sequentially("tomas mor")
    expect(page.locator("#results [role=status]").first).to_contain_text("found for")
    expect(page.locator("tbody tr").first).to_contain_text("Tomas Moreau")
    page.get_by_label("Student").fill("")
    expect(page.locator("#results [role=status]").first).to_contain_text("Ranks 1 to")
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    assert page.locator("tbody tr").first.inner_text() != first
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("tbody tr").first).to_have_text(first, use_inner_text=True)
    page.go_back()
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(50)


def test_jump_to_a_rank_and_a_link_that_can_be_shared(page: Page) -> None:
    page.goto("/rankings")
    page.get_by_label("From rank").fill("15000")
    page.get_by_label("From rank").press("Enter")
    expect(page.locator("#results [role=status]").first).to_contain_text("Ranks 15,")
    shared, rows = page.url, page.locator("tbody").inner_text()
    page.goto("/")
    page.goto(shared)
    assert page.locator("tbody").inner_text() == rows


def test_the_csv_holds_what_the_filters_say(page: Page) -> None:
    page.goto("/rankings?board=performance-subject")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename.startswith(
        "rankings_performance-subject_BIOL-101_as-of-"
    )
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows[0]["rank"] == "1"
    shown = page.locator("#results [role=status]").first.inner_text()
    assert f"of {len(rows):,}" in shown


def test_a_refused_filter_is_told_and_keeps_the_page(browser: Browser, address: str) -> None:
    with opened_in(browser, address) as (page, _complaints):
        page.goto("/tests")
        page.evaluate(
            "document.querySelector('[name=subject]').append(new Option('bad', 'no-uuid'))"
        )
        page.get_by_label("Subject").select_option("no-uuid")
        expect(page.get_by_role("alert")).to_contain_text("cannot be used")
        expect(page.locator("tbody tr").first).to_be_visible()


def test_drill_into_a_topic_and_come_back_up(page: Page) -> None:
    page.goto("/mastery")
    page.get_by_role("link", name="Foundations").click()
    expect(page.get_by_role("columnheader", name="All of Foundations")).to_be_visible()
    page.get_by_role("link", name="Biology").click()
    expect(page.get_by_role("columnheader", name="Whole subject")).to_be_visible()


def test_a_definition_is_one_click_away(page: Page) -> None:
    page.goto("/rankings")
    page.get_by_role("link", name="Percentile").click()
    expect(page.locator("[id='rankings.percentile']")).to_be_in_viewport()


def test_a_day_of_the_chart_tells_its_number_under_the_pointer(page: Page) -> None:
    page.goto("/")
    last = page.locator(".chart .mark").last
    number = last.locator("text")
    expect(number).to_have_css("opacity", "0")
    last.locator("rect").hover()
    expect(number).to_have_css("opacity", "1")
    expect(number).to_contain_text("active")


def test_a_point_of_the_scatter_opens_its_question(page: Page) -> None:
    page.goto("/questions")
    page.locator(".chart a circle.marked").last.click()
    expect(page.get_by_text("Key suspect.")).to_be_visible()


def test_without_javascript_filters_search_and_pages_work(browser: Browser, address: str) -> None:
    with opened_in(browser, address, java_script_enabled=False) as (page, _complaints):
        page.goto("/rankings")
        page.get_by_label("Student").fill("omar okafor")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("tbody tr").first).to_contain_text("Omar Okafor")
        page.goto("/questions")
        page.get_by_label("Flag").select_option("key_suspect")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("tbody tr").first).to_contain_text("Key suspect")
        page.goto("/rankings")
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("link", name="First page")).to_be_visible()
        page.goto("/")
        page.get_by_text("Show as a table").click()
        expect(page.get_by_role("region", name="Active students by day")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_both_schemes_and_the_page_fits_a_phone(
    path: str, browser: Browser, address: str, axe: str
) -> None:
    with opened_in(browser, address, bypass_csp=True) as (page, _complaints):
        page.goto(path)
        page.evaluate(axe)
        for scheme, ground in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
            found = page.evaluate("axe.run(document, {iframes: false})")
            told = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]]
            assert told == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", PAGES)
def test_no_page_breaks_its_own_policy_or_loads_from_elsewhere(
    path: str, browser: Browser, address: str
) -> None:
    with opened_in(browser, address) as (page, complaints):
        foreign: list[str] = []
        page.on("request", lambda r: None if r.url.startswith(address) else foreign.append(r.url))
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert foreign == []
        assert [c for c in complaints if "404" not in c] == []
