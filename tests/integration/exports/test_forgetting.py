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
from lake_states import core_digests

from mavprep_analytics.exports import Limits, ingest
from mavprep_analytics.exports.forgetting import forget
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.tables import core

CANARY = "canary-7"
DAY = date(2026, 1, 1)
ANY_SHRINK = Limits(shrink_users_percent=100, shrink_rows_percent=100)
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


def told(lake: Lake) -> str:
    deltas = [entry.delta for entry in lake.head().tables.values() if entry.delta]
    files = [file for delta in deltas for file in (*delta.went, *delta.came)]
    return "".join(str(lake.read(TableEntry((file,))).to_pylist()) for file in files)


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


def test_what_a_night_took_away_does_not_name_the_student_either(tmp_path: Path) -> None:
    own = lake(tmp_path)
    write_full(tmp_path / "exports", [*one_of_each("ann"), *CANARYS])
    ingest(str(tmp_path / "exports"), own, DAY)
    gone = [change(None, item) for item in CANARYS] + [
        change(attempt("ann", score=3), attempt("ann"))
    ]
    write_window(tmp_path / "exports", gone, WINDOW)
    ingest(str(tmp_path / "exports"), own, DAY + timedelta(days=1), limits=ANY_SHRINK)
    assert CANARY in told(own)
    before = core_digests(own)
    built = {name: TableEntry((), {"core": "1"}) for name in ("attempt_levels", "first_answers")}
    own.commit(built, base=own.head())
    forget(own, erased)
    assert not any(own.head().tables[name].inputs for name in built), "to be computed whole"
    assert CANARY not in told(own)
    assert "ann" not in told(own), (
        "attempts were told with the student's, so they are compared anew"
    )
    assert core_digests(own) == before
    head = own.head().number
    assert forget(own, erased).number == head


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
