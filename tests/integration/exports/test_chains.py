"""Windows after a full export: applied when contiguous, refused when not, equal to one full export."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

import export_items as make
import pytest
from lake_states import difference, moved, rows, snapshot

from mavprep_analytics.campus.export_writer import Change
from mavprep_analytics.exports import Limits, ingest
from mavprep_analytics.exports.refusals import Gap, NewChain, Overlap, RepeatedItem, Shrink
from mavprep_analytics.lake import Lake

AS_OF = date(2026, 1, 1)
DAY = timedelta(days=1)
WEEK = AS_OF + timedelta(days=7)
START = make.MORNING
ANY_SHRINK = Limits(shrink_users_percent=100, shrink_rows_percent=100)


def window(day: int, days: int = 1) -> tuple[datetime, datetime]:
    """The window of so many days that starts on a day after the full export."""
    return START + day * DAY, START + (day + days) * DAY


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    make.write_full(tmp_path / "exports", [i for n in range(60) for i in make.one_of_each(f"u{n}")])
    return tmp_path / "exports"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


@pytest.mark.parametrize("view", ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"])
@pytest.mark.parametrize("output_format", ["DYNAMODB_JSON", "ION"])
def test_inserts_updates_and_deletes_apply(
    exports: Path, lake: Lake, view: Literal["NEW_IMAGE", "NEW_AND_OLD_IMAGES"], output_format: str
) -> None:
    changes = [
        make.change(make.profile("new")),
        make.change(make.profile("u1", university="MIT"), make.profile("u1")),
        make.change(None, make.profile("u2")),
        make.change(None, make.profile("never-seen")),
    ]
    make.write_window(exports, changes, window(0), view=view, output_format=output_format)
    done = ingest(str(exports), lake, WEEK)
    assert (done.accepted, done.quarantined) == (604, 0)
    universities = {row["user_id"]: row["university"] for row in rows(lake, "core_profiles")}
    assert universities["new"] == "UTA"
    assert universities["u1"] == "MIT"
    assert "u2" not in universities
    assert len(universities) == 60 == len(rows(lake, "core_identities"))


def test_an_update_that_makes_an_item_invalid_removes_the_old_version(
    exports: Path, lake: Lake
) -> None:
    ingest(str(exports), lake, AS_OF)
    make.write_window(
        exports, [make.change(make.deck("u1", deckId="x"), make.deck("u1"))], window(0)
    )
    done = ingest(str(exports), lake, WEEK)
    assert done.quarantined == 1
    assert "u1" not in {row["user_id"] for row in rows(lake, "core_decks")}


def test_a_change_whose_image_has_other_keys_is_quarantined(exports: Path, lake: Lake) -> None:
    odd = make.change(make.deck("u1"))
    make.write_window(exports, [Change(odd.keys, make.deck("u2"), None, 1)], window(0))
    make.write_window(exports, [Change(odd.keys, {}, None, 1)], window(1))
    assert ingest(str(exports), lake, WEEK).quarantined == 2
    assert {(r["entity"], r["reason"]) for r in rows(lake, "raw_quarantine")} == {
        ("deck", "key_mismatch")
    }
    assert "u1" not in {row["user_id"] for row in rows(lake, "core_decks")}


def test_only_months_with_changes_are_rewritten(exports: Path, lake: Lake) -> None:
    items = [make.attempt("u0", at=f"2025-0{month}-20T15:30:00Z") for month in range(1, 10)]
    items = [{**item, "endTime": None} for item in items]
    make.write_window(exports, map(make.change, items), window(0))
    before = ingest(str(exports), lake, AS_OF + DAY).version.tables["core_attempts"].files
    changed = make.attempt("u0", at="2025-05-20T15:30:00Z", endTime=None, score=1)
    make.write_window(exports, [make.change(changed)], window(1))
    after = ingest(str(exports), lake, WEEK).version.tables["core_attempts"].files
    assert len(before) == len(after) == 10
    assert len(set(before) - set(after)) == 1


def test_a_gap_is_refused_with_the_wanted_window_and_nothing_changes(
    exports: Path, lake: Lake, tmp_path: Path
) -> None:
    make.write_window(exports, [make.change(make.profile("a"))], window(0))
    ingest(str(exports), lake, AS_OF + DAY)
    before = snapshot(tmp_path / "lake")
    make.write_window(exports, [make.change(make.profile("b"))], window(2))
    with pytest.raises(
        Gap, match=r"lacks the window from 2026-01-03T00:00:00Z to 2026-01-04T00:00:00Z"
    ):
        ingest(str(exports), lake, WEEK)
    assert snapshot(tmp_path / "lake") == before


def test_a_window_that_arrives_late_lets_the_held_ones_follow(
    exports: Path, lake: Lake, tmp_path: Path
) -> None:
    make.write_window(exports, [make.change(make.profile("u1", name="late"))], window(1))
    with pytest.raises(Gap):
        ingest(str(exports), lake, WEEK)
    make.write_window(exports, [make.change(make.profile("u1", name="early"))], window(0))
    ingest(str(exports), lake, WEEK)
    assert {r["name"] for r in rows(lake, "core_identities") if r["user_id"] == "u1"} == {"late"}


@pytest.mark.parametrize("hours", [-1, 23])
def test_an_overlap_is_refused(exports: Path, lake: Lake, hours: int) -> None:
    make.write_window(exports, [], window(0))
    start = START + timedelta(hours=hours)
    make.write_window(exports, [], (start, start + DAY))
    with pytest.raises(Overlap, match="already reaches"):
        ingest(str(exports), lake, WEEK)


def test_a_window_again_under_another_arn_is_refused(exports: Path, lake: Lake) -> None:
    make.write_window(exports, [], window(0))
    ingest(str(exports), lake, WEEK)
    make.write_window(exports, [], window(0), seed="again")
    with pytest.raises(Overlap):
        ingest(str(exports), lake, WEEK)


def test_one_item_twice_in_a_window_is_refused_naming_the_export(
    exports: Path, lake: Lake, tmp_path: Path
) -> None:
    ingest(str(exports), lake, AS_OF)
    before = snapshot(tmp_path / "lake")
    changes = [make.change(make.deck("u1")), make.change(make.deck("u1", totalCards=1))]
    written = make.write_window(exports, changes, window(0))
    with pytest.raises(RepeatedItem, match=f"MavPrep-Users/{written.export_id} holds one item"):
        ingest(str(exports), lake, WEEK)
    assert snapshot(tmp_path / "lake") == before


def test_copies_of_a_window_below_two_prefixes_are_read_once(exports: Path, lake: Lake) -> None:
    for place in (exports, exports / "copy"):
        make.write_window(place, [make.change(make.profile("new"))], window(0))
    assert ingest(str(exports), lake, WEEK).accepted == 601


def test_windows_without_a_full_export_are_refused(tmp_path: Path, lake: Lake) -> None:
    make.write_window(tmp_path / "windows", [], window(0))
    with pytest.raises(NewChain, match="no full export"):
        ingest(str(tmp_path / "windows"), lake, WEEK)


def test_windows_older_than_the_full_export_are_history(exports: Path, lake: Lake) -> None:
    make.write_window(exports, [make.change(make.profile("old"))], window(-3))
    make.write_window(exports, [], window(-1))
    assert ingest(str(exports), lake, WEEK).accepted == 600


def test_a_full_export_older_than_the_state_is_ignored(exports: Path, lake: Lake) -> None:
    make.write_window(exports, [], window(0, 2))
    ingest(str(exports), lake, WEEK)
    make.write_full(exports, [], START + DAY)
    assert ingest(str(exports), lake, WEEK).unchanged


def test_a_newer_full_export_replaces_the_state_of_its_table_only(
    exports: Path, lake: Lake
) -> None:
    make.write_full(exports, [make.profile("other")], table="MavPrep-Other")
    ingest(str(exports), lake, AS_OF)
    kept = [i for n in range(59) for i in make.one_of_each(f"u{n}")]
    make.write_full(exports, kept, START + DAY)
    ingest(str(exports), lake, WEEK)
    users = {row["user_id"] for row in rows(lake, "core_profiles")}
    assert users == {f"u{n}" for n in range(59)} | {"other"}


@pytest.mark.parametrize(("users", "lost"), [(57, "3 of 60 users")])
def test_a_shrink_is_refused_before_the_lake_changes(
    exports: Path, lake: Lake, tmp_path: Path, users: int, lost: str
) -> None:
    ingest(str(exports), lake, AS_OF)
    before = snapshot(tmp_path / "lake")
    kept = [
        i for n in range(60) for i in make.one_of_each(f"u{n}") if n < users or i["SK"] != "PROFILE"
    ]
    make.write_full(exports, kept, START + DAY)
    with pytest.raises(Shrink, match=lost):
        ingest(str(exports), lake, WEEK)
    assert snapshot(tmp_path / "lake") == before
    assert not ingest(str(exports), lake, WEEK, limits=ANY_SHRINK).unchanged


@pytest.mark.parametrize(
    ("maker", "total", "lost", "is_refused"),
    [(make.profile, 50, 1, False), (make.profile, 50, 2, True),
     (make.settings, 100, 5, False), (make.settings, 100, 6, True)],
)  # fmt: skip
def test_a_loss_of_exactly_the_limit_is_taken(
    tmp_path: Path, lake: Lake, maker: Callable[[str], make.Item], total: int, lost: int,
    is_refused: bool,
) -> None:  # fmt: skip
    exports = tmp_path / "few"
    make.write_full(exports, [maker(f"u{n}") for n in range(total)])
    ingest(str(exports), lake, AS_OF)
    make.write_full(exports, [maker(f"u{n}") for n in range(total - lost)], START + DAY)
    with pytest.raises(Shrink) if is_refused else nullcontext():
        assert ingest(str(exports), lake, WEEK).accepted == total - lost


def test_a_loss_of_items_is_a_shrink_too(exports: Path, lake: Lake) -> None:
    ingest(str(exports), lake, AS_OF)
    kept = [
        i for n in range(60) for i in make.one_of_each(f"u{n}") if not i["SK"].startswith("DECK")
    ]
    make.write_full(exports, kept, START + DAY)
    with pytest.raises(Shrink, match="60 of 600 items"):
        ingest(str(exports), lake, WEEK)


def test_a_full_export_with_milliseconds_is_followed_from_its_whole_second(
    tmp_path: Path, lake: Lake
) -> None:
    at = START + timedelta(milliseconds=622)
    make.write_full(tmp_path / "e", [make.profile()], at)
    make.write_window(tmp_path / "e", [make.change(make.profile("b"))], (START, START + DAY))
    assert ingest(str(tmp_path / "e"), lake, WEEK).accepted == 2


def test_an_incremental_export_says_which_rows_went_and_came(exports: Path, lake: Lake) -> None:
    ingest(str(exports), lake, AS_OF)
    graded = make.attempt("u1", completed=True)
    changes = [
        make.change(make.attempt("u1", score=7), graded),
        make.change(make.attempt("u2", testName="renamed"), make.attempt("u2")),
        make.change(None, make.attempt("u3")),
        make.change(make.attempt("u4", at="2025-11-20T15:30:00Z", endTime=None)),
    ]
    make.write_window(exports, changes, window(0))
    ingest(str(exports), lake, WEEK)
    told = moved(lake, "core_attempts")
    assert told == difference(lake, "core_attempts")
    assert told is not None
    assert [sum(side.values()) for side in told] == [2, 2]
    assert all("'u2'" not in row for side in told for row in side)
    assert moved(lake, "core_decks") is None
    assert lake.head().tables["core_decks"].digest == lake.version(1).tables["core_decks"].digest


def test_a_full_export_does_not_say_it(exports: Path, lake: Lake) -> None:
    ingest(str(exports), lake, AS_OF)
    items = [item for n in range(61) for item in make.one_of_each(f"u{n}")]
    make.write_full(exports, items, START + DAY)
    ingest(str(exports), lake, WEEK)
    assert difference(lake, "core_attempts")[1].total() == 1
    assert moved(lake, "core_attempts") is None
