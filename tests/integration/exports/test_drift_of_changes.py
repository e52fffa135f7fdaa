"""Changes that contradict what we hold, or their own window: applied, counted and said."""

from datetime import timedelta
from pathlib import Path

import export_items as make
import pytest
from lake_states import rows

from mavprep_analytics.exports import ingest
from mavprep_analytics.lake import Lake

DAY = timedelta(days=1)
WINDOW = make.MORNING, make.MORNING + DAY
AS_OF = make.MORNING.date()
OTHER_ANSWERS = [
    {"questionId": "q1", "selectedOption": "B", "correct": True, "timeSpent": 45},
    {"questionId": "q2", "selectedOption": "C", "correct": False, "timeSpent": 120},
]


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    make.write_full(tmp_path / "exports", [i for n in range(5) for i in make.one_of_each(f"u{n}")])
    return tmp_path / "exports"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


def drift(lake: Lake) -> dict[tuple[str, str], int]:
    return {(r["entity"], r["attribute"]): r["occurrences"] for r in rows(lake, "raw_drift")}


@pytest.mark.parametrize("output_format", ["DYNAMODB_JSON", "ION"])
@pytest.mark.parametrize(
    ("new", "old", "kind"),
    [
        (make.profile("u1", university="MIT"), make.profile("u1", university="Elsewhere"), "profile"),
        (make.profile("u1", name="New"), make.profile("u1", name="Another"), "profile"),
        (make.attempt("u1", completed=False), make.attempt("u1", answers=[]), "attempt"),
        (make.attempt("u1", score=1), make.attempt("u1", topicPerformance=None), "attempt"),
        (make.attempt("u1", score=1), make.attempt("u1", answers=OTHER_ANSWERS), "attempt"),
        (make.daily("unknown", testsCompleted=4), make.daily("unknown"), "daily_activity"),
    ],
)  # fmt: skip
def test_an_update_from_another_item_than_ours_is_counted_and_applied(
    exports: Path, lake: Lake, new: make.Item, old: make.Item, kind: str, output_format: str
) -> None:
    ingest(str(exports), lake, AS_OF - DAY)
    make.write_window(exports, [make.change(new, old)], WINDOW, output_format=output_format)
    done = ingest(str(exports), lake, AS_OF)
    assert done.drift == {(kind, "OldImage"): 1}
    assert drift(lake) == {(kind, "OldImage"): 1}
    if kind == "profile":
        universities = {r["user_id"]: r["university"] for r in rows(lake, "core_profiles")}
        assert universities["u1"] == new["university"]


def test_updates_from_our_own_items_and_deletes_are_no_drift(exports: Path, lake: Lake) -> None:
    changes = [make.change({**item, "extra": 1}, item) for item in make.one_of_each("u1")]
    changes += [make.change(None, make.profile("u2", university="Elsewhere"))]
    changes += [make.change(make.attempt("u3", score=1), make.attempt("u3"))]
    make.write_window(exports, changes, WINDOW)
    done = ingest(str(exports), lake, AS_OF)
    assert {attribute for _, attribute in done.drift} == {"extra"}


def test_an_update_of_an_update_starts_from_the_first(exports: Path, lake: Lake) -> None:
    states = [make.profile("u1"), *(make.profile("u1", university=name) for name in "ABC")]
    for day in range(3):
        start = make.MORNING + day * DAY
        change = make.change(states[day + 1], states[day], int(start.timestamp()) * 1_000_000)
        make.write_window(exports, [change], (start, start + DAY))
    assert ingest(str(exports), lake, AS_OF + 3 * DAY).drift == {}


def test_an_update_of_a_deleted_item_is_counted(exports: Path, lake: Lake) -> None:
    gone = make.profile("u1")
    after = make.MORNING + DAY
    later = int(after.timestamp()) * 1_000_000
    make.write_window(exports, [make.change(None, gone)], WINDOW)
    make.write_window(exports, [make.change(gone, gone, later)], (after, after + DAY))
    assert ingest(str(exports), lake, AS_OF + DAY).drift == {("profile", "OldImage"): 1}


@pytest.mark.parametrize(("seconds", "count"), [(-61, 1), (-59, 0), (86_459, 0), (86_461, 1)])
def test_a_change_written_outside_its_window_is_counted_and_applied(
    exports: Path, lake: Lake, seconds: int, count: int
) -> None:
    start = int(make.MORNING.timestamp()) * 1_000_000
    change = make.change(make.profile("late"), None, start + seconds * 1_000_000)
    make.write_window(exports, [change], WINDOW)
    done = ingest(str(exports), lake, AS_OF)
    assert done.drift == ({("profile", "Metadata.WriteTimestampMicros"): 1} if count else {})
    assert "late" in {row["user_id"] for row in rows(lake, "core_profiles")}
