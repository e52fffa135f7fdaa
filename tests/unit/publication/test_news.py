"""What counts as news: exports, catalogue and code, but never the date alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.publication.ledger import Publication
from mavprep_analytics.publication.news import has_news

SCHEMA = pa.schema([("n", pa.int64())])


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"), tmp_path / "scratch")


def table(lake: Lake, name: str, rows: int, inputs: Mapping[str, str]) -> TableEntry:
    batch = pa.RecordBatch.from_pydict({"n": list(range(rows))}, SCHEMA)
    return lake.write(name, SCHEMA, [batch], inputs)


def night(
    lake: Lake, *, chain: str = "a", topics: int = 1, day: str = "1", model: str = "m"
) -> Version:
    rankings = {"model": model, "parameter as_of_day": day, "table x": f"{chain}{day}"}
    changes = {
        "catalogue_topics": table(lake, "catalogue_topics", topics, {}),
        "rankings": table(lake, "rankings", 1, rankings),
    }
    facts: dict[str, Any] = {"chain": {"users": chain}}
    return lake.commit(changes, facts, base=lake.head())


def publication(version: Version) -> Publication:
    day = date(2026, 11, 15)
    return Publication(
        1,
        day,
        {},
        "code",
        version.number,
        version.commit_id,
        {},
        "commit",
        datetime(2026, 11, 16, tzinfo=UTC),
    )


def test_the_first_publication_is_news(lake: Lake) -> None:
    assert has_news(lake, night(lake), None)


def test_another_day_over_the_same_inputs_is_no_news(lake: Lake) -> None:
    last = publication(night(lake, day="1"))
    assert not has_news(lake, night(lake, day="2"), last)


@pytest.mark.parametrize("change", [{"chain": "b"}, {"topics": 2}, {"model": "m2"}])
def test_exports_catalogue_and_code_are_news(lake: Lake, change: dict[str, Any]) -> None:
    last = publication(night(lake))
    assert has_news(lake, night(lake, **change), last)


def test_a_publication_from_another_lake_says_nothing(lake: Lake, tmp_path: Path) -> None:
    last = publication(night(lake))
    other = Lake.open(str(tmp_path / "other"), tmp_path / "scratch")
    assert has_news(other, night(other), last)
