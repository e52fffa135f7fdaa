"""Full exports into a lake: every item accounted for, the same bytes however they are read."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import export_items as make
import pytest
from lake_states import core_digests, rows, snapshot

from mavprep_analytics.campus.destinations import open_destination
from mavprep_analytics.errors import Misconfigured, NothingNew, Overtaken
from mavprep_analytics.exports import ingest
from mavprep_analytics.exports.refusals import RepeatedItem, TooManyQuarantined
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import TABLES, core

AS_OF = date(2026, 1, 1)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


def class_of(users: int) -> list[make.Item]:
    return [item for n in range(users) for item in make.one_of_each(f"u{n}")]


def test_every_item_of_every_kind_arrives_with_the_declared_schema(
    exports: Path, lake: Lake
) -> None:
    make.write_full(exports, class_of(30))
    done = ingest(str(exports), lake, AS_OF)
    assert (done.unchanged, done.accepted, done.quarantined, done.unrecognised) == (
        False,
        300,
        0,
        0,
    )
    for table in core.TABLES:
        stored = lake.read(lake.head().tables[table.name])
        assert len(stored) == 30
        assert stored.schema.equals(table.arrow_schema)


def test_the_counts_of_every_file_add_up(exports: Path, lake: Lake) -> None:
    odd = [{"PK": f"USER#{n}", "SK": "AVATAR"} for n in range(7)]
    bad = [make.daily(f"u{n}", testsCompleted=-1) for n in range(5)]
    make.write_full(exports, [*class_of(20), *odd, *bad], data_files=6)
    done = ingest(str(exports), lake, AS_OF)
    files = rows(lake, "export_files")
    assert len(files) == 6
    assert all(
        f["accepted"] + f["quarantined"] + f["unrecognised"] == f["item_count"] for f in files
    )
    assert (done.quarantined, done.unrecognised) == (5, 7)
    refused = rows(lake, "raw_quarantine")
    assert {(r["entity"], r["reason"], r["attribute"]) for r in refused} == {
        ("daily_activity", "out_of_range", "testsCompleted")
    }
    assert len({r["keys_sha256"] for r in refused}) == 5
    assert sum("AVATAR" in r["item_json"] for r in rows(lake, "raw_unrecognised")) == 7


def test_an_ingest_of_known_exports_commits_nothing(
    exports: Path, lake: Lake, tmp_path: Path
) -> None:
    make.write_full(exports, class_of(3))
    first = ingest(str(exports), lake, AS_OF)
    before = snapshot(tmp_path / "lake")
    second = ingest(str(exports), lake, AS_OF + timedelta(days=1))
    assert second.unchanged
    assert second.version == first.version
    assert snapshot(tmp_path / "lake") == before


def test_the_bytes_do_not_depend_on_workers_files_or_order(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mavprep_analytics.exports.ingestion._POOL_ITEMS", 0)
    monkeypatch.setattr("mavprep_analytics.exports.ingestion._TASK_ITEMS", 50)
    items = class_of(40)
    variants = [(items, 1, 1), (items[::-1], 5, 1), (items[7:] + items[:7], 3, 2)]
    digests = []
    for number, (ordered, files, workers) in enumerate(variants):
        folder = exports / str(number)
        make.write_full(folder, ordered, data_files=files, mixes_attributes=number > 0)
        lake = Lake.open(str(tmp_path / f"lake{number}"))
        ingest(str(folder), lake, AS_OF, workers=workers)
        digests.append(core_digests(lake))
    assert digests[0] == digests[1] == digests[2]


def test_a_bucket_gives_the_same_lake_as_a_folder(
    bucket: str, exports: Path, tmp_path: Path
) -> None:
    items = class_of(12)
    make.write_full(exports, items)
    make.write_full(open_destination(f"s3://{bucket}/mavprep/users"), items)
    local, remote = Lake.open(str(tmp_path / "a")), Lake.open(f"s3://{bucket}/lake")
    ingest(str(exports), local, AS_OF)
    ingest(f"s3://{bucket}/mavprep", remote, AS_OF)
    assert core_digests(local) == core_digests(remote)
    assert ingest(f"s3://{bucket}", remote, AS_OF).unchanged


def test_several_tables_and_copies_below_one_url_are_each_read_once(
    exports: Path, lake: Lake
) -> None:
    make.write_full(exports / "users", [make.profile(), make.settings()], table="MavPrep-Users")
    make.write_full(
        exports / "users-copy", [make.profile(), make.settings()], table="MavPrep-Users"
    )
    make.write_full(exports / "all", [make.attempt(), make.daily()], table="MavPrep-Progress")
    done = ingest(str(exports), lake, AS_OF)
    assert done.accepted == 4
    assert [chain.table_name for chain in done.chains] == ["MavPrep-Progress", "MavPrep-Users"]


def test_one_item_in_two_tables_is_refused_naming_both(exports: Path, lake: Lake) -> None:
    for table in ("MavPrep-Users", "MavPrep-Old"):
        make.write_full(exports, [make.profile()], table=table)
    with pytest.raises(RepeatedItem, match=r"MavPrep-Old.*MavPrep-Users"):
        ingest(str(exports), lake, AS_OF)
    assert lake.head().number == 0


def test_an_item_twice_in_one_export_is_refused(exports: Path, lake: Lake) -> None:
    make.write_full(exports, [make.profile(), make.profile(name="Other")])
    with pytest.raises(RepeatedItem, match="twice"):
        ingest(str(exports), lake, AS_OF)


def test_a_later_export_is_no_candidate_and_an_empty_one_is_valid(
    exports: Path, lake: Lake
) -> None:
    make.write_full(exports, [], at=make.MORNING)
    make.write_full(exports, class_of(2), at=make.MORNING + timedelta(seconds=1))
    done = ingest(str(exports), lake, AS_OF)
    assert done.accepted == 0
    assert [len(lake.read(e)) for n, e in lake.head().tables.items() if n.startswith("core_")] == [
        0
    ] * 11


def test_future_items_come_back_when_their_time_has_come(
    exports: Path, lake: Lake, tmp_path: Path
) -> None:
    early = make.daily(on="2026-01-03")
    make.write_full(exports, [make.daily(), early])
    first = ingest(str(exports), lake, AS_OF)
    assert [r["reason"] for r in rows(lake, "raw_quarantine")] == ["future"]
    later = ingest(str(exports), lake, AS_OF + timedelta(days=1))
    assert (first.quarantined, later.quarantined, later.unchanged) == (1, 0, False)
    assert len(rows(lake, "core_daily_activities")) == 2
    assert rows(lake, "raw_quarantine") == []
    straight = Lake.open(str(tmp_path / "straight"))
    ingest(str(exports), straight, AS_OF + timedelta(days=1))
    assert core_digests(straight) == core_digests(lake)


@pytest.mark.parametrize(("instant", "is_future"), [("00:05:00Z", False), ("00:05:01Z", True)])
def test_the_future_begins_five_minutes_after_the_as_of_date(
    exports: Path, lake: Lake, instant: str, is_future: bool
) -> None:
    make.write_full(exports, [make.comment(created=f"2026-01-02T{instant}")])
    assert ingest(str(exports), lake, AS_OF).quarantined == is_future


def test_an_item_of_a_far_future_does_not_cost_a_reading_every_night(
    exports: Path, lake: Lake
) -> None:
    make.write_full(
        exports, [make.daily(on="2099-01-01"), make.comment(created="2026-01-05T00:00:00Z")]
    )
    assert ingest(str(exports), lake, AS_OF).quarantined == 2
    days = [ingest(str(exports), lake, AS_OF + timedelta(days=n)).unchanged for n in range(1, 7)]
    assert days == [True, True, False, True, True, True]


def test_an_earlier_day_than_the_lake_holds_is_overtaken(exports: Path, lake: Lake) -> None:
    make.write_full(exports, class_of(1), at=make.MORNING + timedelta(days=1))
    ingest(str(exports), lake, AS_OF + timedelta(days=1))
    with pytest.raises(Overtaken, match="2026-01-03"):
        ingest(str(exports), lake, AS_OF)


@pytest.mark.parametrize(
    ("bad", "total", "is_refused"), [(19, 100, False), (20, 100, True), (20, 20_001, False)]
)
def test_the_quarantine_threshold_counts_items_of_one_kind(
    exports: Path, lake: Lake, bad: int, total: int, is_refused: bool
) -> None:
    items = [make.deck(f"u{n}", deckId="x" if n < bad else "d1") for n in range(total)]
    make.write_full(exports, items)
    if is_refused:
        with pytest.raises(
            TooManyQuarantined,
            match=r"20 of 100 deck items are invalid, the first for key_mismatch of deckId in line"
            r" \d+ of AWSDynamoDB/.*\.json\.gz\.",
        ):
            ingest(str(exports), lake, AS_OF)
        assert lake.head().number == 0
    else:
        assert ingest(str(exports), lake, AS_OF).quarantined == bad


def test_an_item_as_large_as_they_get_is_taken_and_a_line_beyond_reason_is_quarantined(
    exports: Path, lake: Lake
) -> None:
    noise = random.Random(1).randbytes(9 << 20).hex()
    large = make.flashcard("u1", front=noise[: 400 << 10])
    make.write_full(exports, [large, make.flashcard("u2", front=noise), make.deck()])
    assert ingest(str(exports), lake, AS_OF).quarantined == 1
    assert [row["user_id"] for row in rows(lake, "core_flashcards")] == ["u1"]
    (refused,) = rows(lake, "raw_quarantine")
    assert (refused["reason"], refused["entity"]) == ("invalid_json", None)


def test_a_place_without_exports_is_misconfigured(exports: Path, lake: Lake, bucket: str) -> None:
    for url in (
        str(exports),
        str(exports / "absent"),
        f"s3://{bucket}",
        "s3://no-such-bucket-here",
        "ftp://x",
    ):
        with pytest.raises(Misconfigured):
            ingest(url, lake, AS_OF)


def test_only_unfinished_exports_are_nothing_new(exports: Path, lake: Lake) -> None:
    written = make.write_full(exports, class_of(1))
    (exports / written.summary_key).with_suffix(".md5").unlink()
    with pytest.raises(NothingNew):
        ingest(str(exports), lake, AS_OF)
    assert lake.head().number == 0


def test_tables_are_sorted_by_month_and_key(exports: Path, lake: Lake) -> None:
    days = [datetime(2025, 11, 28, tzinfo=UTC) + timedelta(days=n) for n in range(10)]
    items = [make.daily(f"u{n % 3}", on=f"{on:%Y-%m-%d}") for n, on in enumerate(days)]
    make.write_full(exports, items)
    ingest(str(exports), lake, AS_OF)
    stored = [
        (str(r["activity_date"])[:7], r["user_id"], r["activity_date"])
        for r in rows(lake, "core_daily_activities")
    ]
    assert stored == sorted(stored)
    assert len(lake.head().tables["core_daily_activities"].files) == 2
    assert TABLES["core_daily_activities"].key == ("user_id", "activity_date")
