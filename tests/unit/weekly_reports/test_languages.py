"""Every language is complete, and formats come from Babel."""

from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from mavprep_analytics.packaged_files import packaged_folder
from mavprep_analytics.weekly_reports import language as module
from mavprep_analytics.weekly_reports.language import available, language

TEMPLATES = packaged_folder("reports") / "weekly_report"


def messages() -> set[str]:
    """Return every text of the code and the templates that is translated."""
    calls = {"say": None, "count": (1, 2)}
    code = sorted(Path(module.__file__).parent.glob("*.py"))
    found = [m for path in code for m in extract_from_file("python", path, keywords=calls)]
    for name in ("layout.mjml", "body.txt"):
        found += extract_from_file("jinja2.ext:babel_extract", TEMPLATES / name, {"_": None})
    return {text if isinstance(text, str) else text[0] for _, text, _, _ in found}


@pytest.mark.parametrize("code", [code for code in available() if code != "en"])
def test_a_language_translates_every_text_and_nothing_else(code: str) -> None:
    with (TEMPLATES / "locales" / f"{code}.po").open("rb") as file:
        catalogue = read_po(file)

    translated = {}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        translated[key] = all(texts)
        assert not list(message.check(catalogue)), key
        for text in texts:
            assert text.count("{") == key.count("{"), key
    translated.pop("")
    assert set(translated) == messages()
    assert all(translated.values())


@pytest.mark.parametrize(
    ("preference", "code"),
    [
        ("en", "en"),
        (None, "en"),
        ("es", "es"),
        ("es-MX", "es-MX"),
        ("es_MX", "es-MX"),
        ("ES", "es"),
        ("en-GB", "en-GB"),
        ("de", "en"),
        ("not a language", "en"),
        ("../../etc", "en"),
    ],
)
def test_a_preference_leads_to_a_complete_language(preference: str | None, code: str) -> None:
    assert language(preference).code == code


def test_numbers_dates_and_plurals_follow_the_language() -> None:
    english, spanish = language("en"), language("es")

    assert (english.number(16340), spanish.number(16340)) == ("16,340", "16.340")
    assert (english.percent(74), spanish.percent(74)) == ("74%", "74\u00a0%")
    assert english.day(date(2026, 11, 17)) == "Tue, Nov 17"
    assert spanish.day(date(2026, 11, 17)) == "mar, 17 nov"
    assert spanish.count("{n} day", "{n} days", 1) == "1 día"
    assert english.signed(-5) == "\N{MINUS SIGN}5"
    assert english.minutes(275) == "4\u00a0h\u00a035\u00a0min"
