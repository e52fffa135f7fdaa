"""What travels with the pages: vendored files as they were taken, SQL in bound parameters, templates that compile."""

import hashlib
import re
from pathlib import Path

import pytest

from mavprep_analytics.dashboard.rendering import DEFINED, Renderer
from mavprep_analytics.dashboard.statements import statement
from mavprep_analytics.packaged_files import packaged_folder

FOLDER = packaged_folder("reports") / "dashboard"
TEMPLATES = sorted(p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.html"))
STATEMENTS = sorted(p.stem for p in (packaged_folder("sql") / "dashboard").glob("*.sql"))


def test_vendored_files_are_the_ones_that_were_checked() -> None:
    vendor = FOLDER / "static" / "vendor"
    lines = (vendor / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in map(str.split, lines)}
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in vendor.glob("*.js")}
    assert found == sums


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_brings_no_inline_code_or_foreign_address(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert Renderer("")._environment.get_template(name)
    assert not re.search(r"\son\w+=|javascript:|\sstyle=|<style|https?://|\|\s*safe", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_definition_link_names_a_declared_column(name: str) -> None:
    text = (FOLDER / name).read_text()
    for table, column in re.findall(r"term\([^,]+, '(\w+)', '(\w+)'\)", text):
        assert DEFINED[table][column].meaning


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_says_what_why_and_uses_bound_parameters_only(name: str) -> None:
    text = Path(packaged_folder("sql") / "dashboard" / f"{name}.sql").read_text()
    heads = [line.split(":")[0] for line in text.splitlines()[:4]]
    assert heads == ["-- What", "-- Reads", "-- Why", "-- Notes"]
    assert b"$" not in statement(name)
    assert b";" not in statement(name)


def test_addresses_are_quoted_and_leave_out_what_is_not_set() -> None:
    url = Renderer("/analytics").url("/tests", "mock/exam ?1", q="a&b", subject="", after=None)
    assert url == "/analytics/tests/mock%2Fexam%20%3F1?q=a%26b"


def test_what_a_student_typed_is_text_in_a_page() -> None:
    values = {
        "title": "<script>alert(1)</script>",
        "reason": '"><img src=x onerror=1>',
        "reference": None,
    }
    html = Renderer("").html("fault.html", values)
    assert "<script>alert" not in html
    assert "<img" not in html
