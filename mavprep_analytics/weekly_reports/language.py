"""Languages of the mail: texts, plurals, dates and numbers, all through Babel.

English is the source; each other language is one file `reports/weekly_report/locales/<code>.po`.
"""

import re
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from mavprep_analytics.packaged_files import packaged_folder, read_packaged

MINUS = "\N{MINUS SIGN}"
SOURCE = "en"
_LOCALES = "weekly_report/locales"
_ISOLATE, _END = "\u2068", "\u2069"
_FOREIGN = {
    "ltr": re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"),
    "rtl": re.compile("[A-Za-z]"),
}
"""Letters that run against the language's direction."""


class Language:
    """One language and region; formatted values are cached, for they repeat from mail to mail.

    Args:
        locale: for dates, numbers and the direction of writing.
        translations: for the texts.
    """

    def __init__(self, locale: Locale, translations: NullTranslations) -> None:
        self.locale = locale
        self._translations = translations
        self._foreign = _FOREIGN[locale.text_direction]
        self.number = cache(lambda n: str(format_decimal(n, locale=locale)))
        """Format a whole number."""
        self.percent = cache(lambda n: str(format_percent(n / 100, locale=locale)))
        """Format whole percent."""
        self.day = cache(lambda d: str(format_skeleton("MMMEd", d, locale=locale)))
        """Format a date as weekday, day and month."""
        self.week = cache(self._week)
        """Format the seven days from a Monday."""

    @property
    def code(self) -> str:
        """The language tag, e.g. `en` or `es-MX`."""
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    def say(self, text: str, **values: str) -> str:
        """Translate a text and fill in its `{values}`; those of the other direction are set apart."""
        return self._translations.gettext(text).format(**self._apart(values))

    def count(self, one: str, many: str, number: int, **values: str) -> str:
        """Translate a text that counts; `{n}` is the formatted number."""
        text = self._translations.ngettext(one, many, number)
        return text.format(n=self.number(number), **self._apart(values))

    def signed(self, number: int) -> str:
        """Format a change with its sign, `+3`, or with a true minus sign."""
        return ("+" if number > 0 else MINUS if number < 0 else "") + self.number(abs(number))

    def minutes(self, minutes: int) -> str:
        """Format a duration: `35 min`, `4 h`, `4 h 35 min`, all with no-break spaces."""
        hours, rest = divmod(abs(minutes), 60)
        values = {"h": self.number(hours), "m": self.number(rest)}
        if not hours:
            return self.say("{m}\u00a0min", **values)
        if not rest:
            return self.say("{h}\u00a0h", **values)
        return self.say("{h}\u00a0h\u00a0{m}\u00a0min", **values)

    def weekday(self, day: int) -> str:
        """Return the short name of a weekday, Monday is 0."""
        return str(get_day_names("short", context="stand-alone", locale=self.locale)[day])

    def _apart(self, values: dict[str, str]) -> dict[str, str]:
        """Isolate what is written in the other direction, so that it cannot reorder its neighbours."""
        foreign = self._foreign
        if not any(map(foreign.search, values.values())):
            return values
        return {
            name: f"{_ISOLATE}{value}{_END}" if foreign.search(value) else value
            for name, value in values.items()
        }

    def _week(self, monday: date) -> str:
        sunday = date.fromordinal(monday.toordinal() + 6)
        return str(format_interval(monday, sunday, "yMMMd", locale=self.locale))


@cache
def available() -> tuple[str, ...]:
    """Return the codes of the complete languages."""
    folder = packaged_folder("reports") / _LOCALES
    return (SOURCE, *sorted(path.stem for path in folder.glob("*.po")))


@cache
def language(preference: str | None) -> Language:
    """Return the language that a student prefers, else English; `es-MX`, `es_MX` and `ES` are Spanish."""
    try:
        locale = Locale.parse(
            (preference or SOURCE).strip(), sep="-" if "-" in str(preference) else "_"
        )
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse(SOURCE)
    if locale.language not in available():
        locale = Locale.parse(SOURCE)
    return Language(locale, translations(locale.language))


def translations(code: str) -> NullTranslations:
    """Read a language's texts."""
    if code == SOURCE:
        return NullTranslations()
    binary = BytesIO()
    write_mo(binary, read_po(BytesIO(read_packaged(f"reports/{_LOCALES}/{code}.po").encode())))
    binary.seek(0)
    return GNUTranslations(binary)
