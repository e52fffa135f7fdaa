"""The documents say what is there: generated pages, commands and links."""

import re
from pathlib import Path

import pytest

from assets.cli import app
from mavprep_analytics.cli.reference import pages

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", pages())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run `mavprep reference`"


def test_the_readme_names_every_command() -> None:
    commands = [
        c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands
    ]
    groups = [group.name for group in app.registered_groups]
    helpers = {"ui", "stop", "demo", "demo-dashboard", "reference"}
    missing = [
        name
        for name in (*commands, *groups)
        if name not in helpers and f"mavprep {name}" not in README
    ]
    assert missing == []


def test_every_make_recipe_of_the_readme_exists() -> None:
    recipes = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= recipes


def test_every_relative_link_leads_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{document.name}: {target}"
