"""Erased students in the state of exports: gone, and gone again whatever a later export brings."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from export_items import (
    MORNING,
    attempt,
    change,
    comment,
    one_of_each,
    post,
    write_full,
    write_window,
)

from mavprep_analytics.exports import ingest
from mavprep_analytics.exports.forgetting import forget
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import core

CANARY = "canary-7"
DAY = date(2026, 1, 1)
WINDOW = (MORNING, MORNING + timedelta(days=1))
CANARYS = [
    *one_of_each(CANARY)[:8],
    post(post_id="p9", userId=CANARY),
    comment("p1", "c9", userId=CANARY),
    {"PK": f"USER#{CANARY}", "SK": "BOOKMARK#1", "page": 3},
]


def erased(users: Collection[str]) -> list[str]:
    return [user for user in users if user == CANARY]


def lake(folder: Path) -> Lake:
    return Lake.open(str(folder / "lake"), folder / "scratch")


def content(lake: Lake) -> dict[str, str]:
    """Digest of every table of items."""
    tables = lake.head().tables
    names = [*(t.name for t in core.TABLES), "raw_unrecognised"]
    return {name: tables[name].digest for name in names if tables[name].rows}


def text(lake: Lake) -> str:
    return "".join(str(lake.read(entry).to_pylist()) for entry in lake.head().tables.values())


def test_the_state_is_that_of_a_campus_that_never_had_the_student(tmp_path: Path) -> None:
    others = one_of_each("ann") + one_of_each("bob")
    with_canary, without = lake(tmp_path / "a"), lake(tmp_path / "b")
    write_full(tmp_path / "exports", [*others, *CANARYS])
    write_full(tmp_path / "never", others)
    ingest(str(tmp_path / "exports"), with_canary, DAY)
    ingest(str(tmp_path / "never"), without, DAY)
    assert CANARY in text(with_canary)

    forget(with_canary, erased)
    assert CANARY not in text(with_canary)
    assert content(with_canary) == content(without)

    head = with_canary.head().number
    assert forget(with_canary, erased).number == head, "a second time there is nothing to do"
    assert ingest(str(tmp_path / "exports"), with_canary, DAY).unchanged


@pytest.mark.parametrize("kind", ["window", "full"])
def test_a_later_export_that_still_holds_the_student_changes_nothing(
    tmp_path: Path, kind: str
) -> None:
    exports, state = tmp_path / "exports", lake(tmp_path)
    write_full(exports, [*one_of_each("ann"), *CANARYS])
    ingest(str(exports), state, DAY)
    forget(state, erased)
    before = content(state)

    late = attempt(CANARY, at="2026-01-02T09:00:00Z", endTime="2026-01-02T10:00:00Z")
    if kind == "window":
        write_window(exports, [change(late)], WINDOW)
    else:
        everyone = [*one_of_each("ann"), *CANARYS, late]
        write_full(exports, everyone, datetime(2026, 1, 3, tzinfo=UTC), seed="2")
    assert not ingest(str(exports), state, DAY + timedelta(1)).unchanged
    assert CANARY in text(state)
    forget(state, erased)
    assert CANARY not in text(state)
    assert content(state) == before
