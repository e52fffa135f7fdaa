"""Tells whether a lake version holds anything that the newest publication did not: exports, catalogue or code.

A later as-of date alone is no news: yesterday's data under today's date would look current and is not.
"""

from collections.abc import Mapping
from datetime import date

from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.lake.lake import LakeCorrupt
from mavprep_analytics.publication.ledger import Publication, newest
from mavprep_analytics.publication.publish import Published, publish
from mavprep_analytics.tables import TABLES, Layer

_CHAIN = "chain"
_OF_THE_DAY = {
    f"parameter {name}"
    for name in (
        "as_of_day",
        "until_micros",
        "week_start_day",
        "previous_week_start_day",
        "reading_day",
        "previous_reading_day",
        "depth",
    )
}
_OF_THE_CODE = ("model", "schema", "parameter")


def publish_news(database_url: str, lake: Lake, as_of: date, *, code_version: str) -> Published:
    """Publish the lake's head if it holds anything new; see `publish` for arguments and errors.

    Returns:
        With `unchanged` when there is no news: the newest publication stands. Rows that someone took
        from its tables are put back, which is a publication of its own with the same date.
    """
    version, last = lake.head(), newest(database_url)
    if last is not None and last.as_of <= as_of and not has_news(lake, version, last):
        version, as_of = lake.version(last.lake_version), last.as_of
    return publish(database_url, lake, version, as_of, code_version=code_version)


def has_news(lake: Lake, version: Version, last: Publication | None) -> bool:
    """Compare a lake version with the one that was published last.

    Args:
        lake: holds both.
        version: what a run has built.
        last: the newest publication; None: nothing was ever published.

    Returns:
        True too when the published version is no longer in this lake, so that nothing is known of it.
    """
    if last is None:
        return True
    try:
        published = lake.version(last.lake_version)
    except LakeCorrupt:
        return True
    if published.commit_id != last.lake_commit_id:
        return True
    return _inputs(published) != _inputs(version)


def _inputs(version: Version) -> tuple[object, Mapping[str, object]]:
    """Return the export chain, and per table the catalogue's digest or the code that made it."""
    tables: dict[str, object] = {}
    for name, entry in version.tables.items():
        layer = TABLES[name].layer if name in TABLES else None
        if layer is Layer.CATALOGUE:
            tables[name] = entry.digest
        elif layer is Layer.MART:
            tables[name] = _code(entry.inputs)
    return version.facts.get(_CHAIN), tables


def _code(inputs: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in inputs.items()
        if name.startswith(_OF_THE_CODE) and name not in _OF_THE_DAY
    }
