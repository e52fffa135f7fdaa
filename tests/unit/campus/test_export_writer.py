"""The export writer against facts about AWS's own files."""

import base64
import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mavprep_analytics.campus.data_files import base64_md5, write_data_file
from mavprep_analytics.campus.destinations import LocalFolder
from mavprep_analytics.campus.export_writer import (
    Change,
    ExportOptions,
    Item,
    write_full_export,
    write_incremental_export,
)
from mavprep_analytics.campus.manifests import (
    ExportIdentity,
    Full,
    TableIdentity,
    files_manifest,
    summary_manifest,
)

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = (MIDNIGHT, MIDNIGHT + timedelta(days=1))
USERS = TableIdentity("MavPrep-Users", table_id="cf263806-6bf1-4e51-a242-7067dcdecc72")
SAMPLE_LINES = (
    '{"Item":{"PK":{"S":"USER#u1"},"SK":{"S":"PROFILE"},"displayName":{"S":"Ana"},'
    '"xp":{"N":"1250"},"active":{"BOOL":true},"bio":{"NULL":true},'
    '"roles":{"SS":["mentor","student"]},"avatar":{"B":"AAH/"},'
    '"stats":{"M":{"avg":{"N":"87.5"},"tags":{"L":[{"S":""},{"N":"0"}]}}}}}',
    '{"Item":{"PK":{"S":"USER#u1"},"SK":{"S":"SETTINGS"},"daily":{"BOOL":false}}}',
    '{"Item":{"PK":{"S":"USER#u1"},"SK":{"S":"REPUTATION"},"points":{"N":"10"}}}',
)
SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


def students(count: int) -> Iterator[Item]:
    for number in range(count):
        yield {"PK": f"USER#{number}", "SK": "PROFILE", "name": "Ana", "xp": number}
        yield {"PK": f"USER#{number}", "SK": "SETTINGS", "daily": True}


def every_file(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines_of(folder: Path, key: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((folder / key).read_bytes()).splitlines()]


def test_an_empty_data_file_has_the_twenty_bytes_of_an_empty_partition(tmp_path: Path) -> None:
    facts = write_data_file(tmp_path / "data", (), "key")
    assert (tmp_path / "data").stat().st_size == 20
    assert facts.md5_base64 == "FjvgqIxwymKf1RbbqtrZag=="
    assert facts.etag == "7deb4078f238dd87d6af0538152c04e9-1"


def test_a_known_data_file_and_its_manifests_have_the_known_digests(tmp_path: Path) -> None:
    folder = "mavprep/users/AWSDynamoDB/01767225972345-1a2b3c4d"
    empty = write_data_file(tmp_path / "0", (), f"{folder}/data/erajd3hco442njqter3ahrxn3e.json.gz")
    full = write_data_file(
        tmp_path / "1", SAMPLE_LINES, f"{folder}/data/5mrfg3b44e3vhnfickkozoym6a.json.gz"
    )
    assert (tmp_path / "1").stat().st_size == 245
    assert full.md5_base64 == "IWlfS1Tpd1U6DutEvX0N9g=="
    assert full.etag == "180142d59483668f1ce3b707d24ed07d-1"
    files = files_manifest([empty, full])
    assert base64_md5(files.encode()) == "sbrxuS9IAmHrYmccgbqowQ=="
    started = datetime(2026, 1, 1, 0, 6, 12, 345_000, UTC)
    ended = datetime(2026, 1, 1, 0, 11, 7, 402_000, UTC)
    export = ExportIdentity(USERS, Full(MIDNIGHT), started, ended)
    place = ("acme-ddb-exports", "mavprep/users")
    text = summary_manifest(export, place, f"{folder}/manifest-files.json", 3, "DYNAMODB_JSON")
    assert export.export_id.startswith("01767225972345-")
    known = text.replace(export.export_id, "01767225972345-1a2b3c4d")
    assert base64_md5(known.encode()) == "i0jksC1ORvCckvsjn3ErgA=="


def test_an_item_is_written_as_the_sample_says(tmp_path: Path) -> None:
    item = {
        "PK": "USER#u1",
        "SK": "PROFILE",
        "displayName": "Ana",
        "xp": 1250,
        "active": True,
        "bio": None,
        "roles": {"student", "mentor"},
        "avatar": b"\x00\x01\xff",
        "stats": {"avg": Decimal("87.50"), "tags": ["", 0]},
    }
    options = ExportOptions(data_files=1, mixes_attributes=False)
    written = write_full_export(LocalFolder(tmp_path), USERS, [item], MIDNIGHT, options)
    content = gzip.decompress((tmp_path / written.data_files[0].key).read_bytes()).decode()
    assert content == SAMPLE_LINES[0] + "\n"


def test_a_full_export_is_laid_out_and_digested_as_aws_does(tmp_path: Path) -> None:
    written = write_full_export(LocalFolder(tmp_path), USERS, students(50), MIDNIGHT)
    folder = tmp_path / "AWSDynamoDB" / written.export_id
    assert re.fullmatch(r"0\d{13}-[0-9a-f]{8}", written.export_id)
    assert (folder / "_started").read_bytes() == b""
    for manifest in ("manifest-files", "manifest-summary"):
        digest = hashlib.md5((folder / f"{manifest}.json").read_bytes()).digest()
        assert (folder / f"{manifest}.md5").read_bytes() == base64.b64encode(digest)
    summary_text = (folder / "manifest-summary.json").read_text()
    assert not summary_text.endswith("\n")
    files_text = (tmp_path / json.loads(summary_text)["manifestFilesS3Key"]).read_text()
    assert files_text.endswith("\n")
    files = [json.loads(line) for line in files_text.splitlines()]
    assert {Path(file["dataFileS3Key"]).name for file in files} == {
        path.name for path in (folder / "data").iterdir()
    }
    for file in files:
        content = (tmp_path / file["dataFileS3Key"]).read_bytes()
        digest = hashlib.md5(content).digest()
        assert file["md5Checksum"] == base64.b64encode(digest).decode()
        assert file["etag"] == hashlib.md5(digest).hexdigest() + "-1"
        assert len(gzip.decompress(content).splitlines()) == file["itemCount"]
        assert re.fullmatch(r"[a-z2-7]{26}\.json\.gz", Path(file["dataFileS3Key"]).name)
    assert sum(file["itemCount"] for file in files) == written.item_count == 100
    assert [file["itemCount"] for file in files].count(0) == 1


def test_all_items_of_a_partition_key_lie_in_one_file(tmp_path: Path) -> None:
    written = write_full_export(LocalFolder(tmp_path), USERS, students(50), MIDNIGHT)
    places: dict[str, set[str]] = {}
    for file in written.data_files:
        for line in lines_of(tmp_path, file.key):
            places.setdefault(line["Item"]["PK"]["S"], set()).add(file.key)
    assert {len(found) for found in places.values()} == {1}
    assert len(set.union(*places.values())) == 3


def test_attributes_come_in_varying_order_unless_told_otherwise(tmp_path: Path) -> None:
    mixed = write_full_export(LocalFolder(tmp_path / "a"), USERS, students(20), MIDNIGHT)
    stable = ExportOptions(mixes_attributes=False)
    kept = write_full_export(LocalFolder(tmp_path / "b"), USERS, students(20), MIDNIGHT, stable)

    def orders(folder: Path, keys: list[str]) -> set[tuple[str, ...]]:
        return {tuple(line["Item"]) for key in keys for line in lines_of(folder, key)}

    assert len(orders(tmp_path / "a", [file.key for file in mixed.data_files])) > 3
    assert len(orders(tmp_path / "b", [file.key for file in kept.data_files])) == 2


def test_the_same_arguments_give_the_same_bytes_and_another_seed_other_names(
    tmp_path: Path,
) -> None:
    for name, seed in (("a", "x"), ("b", "x"), ("c", "y")):
        options = ExportOptions(seed=seed)
        write_full_export(LocalFolder(tmp_path / name), USERS, students(9), MIDNIGHT, options)
    assert every_file(tmp_path / "a") == every_file(tmp_path / "b")
    assert not set(every_file(tmp_path / "a")) & set(every_file(tmp_path / "c"))


KEYS = {"PK": "USER#u1", "SK": "SETTINGS"}
OLD, NEW = KEYS | {"daily": False}, KEYS | {"daily": True}
CHANGES = (
    Change(KEYS | {"SK": "A"}, NEW | {"SK": "A"}, None, 1767226500123456),
    Change(KEYS, NEW, OLD, 1767226500123457),
    Change(KEYS | {"SK": "B"}, None, OLD | {"SK": "B"}, 1767226500123458),
)


def test_incremental_exports_share_one_data_folder_and_keep_their_own_manifests(
    tmp_path: Path,
) -> None:
    destination = LocalFolder(tmp_path)
    first = write_incremental_export(destination, USERS, CHANGES, WINDOW)
    later = (WINDOW[1], WINDOW[1] + timedelta(days=1))
    second = write_incremental_export(destination, USERS, CHANGES[:1], later)
    folder = tmp_path / "AWSDynamoDB"
    assert len(list((folder / "data").iterdir())) == 8
    assert not (folder / first.export_id / "data").exists()
    assert first.export_id.split("-")[0].endswith("000")
    summary = json.loads((tmp_path / second.summary_key).read_text())
    assert summary["exportFromTime"] == "2026-01-02T00:00:00.000Z"
    assert summary["exportToTime"] == "2026-01-03T00:00:00.000Z"
    assert "exportTime" not in summary


@pytest.mark.parametrize(
    ("view", "parts"),
    [
        ("NEW_IMAGE", [{"NewImage"}, {"NewImage"}, set()]),
        ("NEW_AND_OLD_IMAGES", [{"NewImage"}, {"OldImage", "NewImage"}, {"OldImage"}]),
    ],
)
def test_a_view_decides_which_images_are_written(
    tmp_path: Path, view: Any, parts: list[set[str]]
) -> None:
    options = ExportOptions(data_files=1)
    written = write_incremental_export(LocalFolder(tmp_path), USERS, CHANGES, WINDOW, view, options)
    lines = lines_of(tmp_path, written.data_files[0].key)
    assert [set(line) - {"Metadata", "Keys"} for line in lines] == parts
    assert list(lines[1])[:2] == ["Metadata", "Keys"]
    assert lines[1]["Metadata"] == {"WriteTimestampMicros": {"N": "1767226500123457"}}


def test_an_export_that_fails_midway_looks_unfinished(tmp_path: Path) -> None:
    def failing() -> Iterator[Item]:
        yield from students(3)
        raise OSError("the table went away")

    with pytest.raises(OSError, match="went away"):
        write_full_export(LocalFolder(tmp_path), USERS, failing(), MIDNIGHT)
    assert [Path(name).name for name in every_file(tmp_path)] == ["_started"]


def test_a_prefix_is_part_of_every_key(tmp_path: Path) -> None:
    destination = LocalFolder(tmp_path, prefix="mavprep/users", bucket="acme")
    written = write_full_export(destination, USERS, students(3), MIDNIGHT)
    summary = json.loads((tmp_path / written.summary_key).read_text())
    assert written.summary_key.startswith("mavprep/users/AWSDynamoDB/")
    assert (summary["s3Bucket"], summary["s3Prefix"]) == ("acme", "mavprep/users")


REAL = SHARED / "aws-exports" / "AWSDynamoDB"


@pytest.mark.skipif(not REAL.is_dir(), reason="no real exports on this machine")
@pytest.mark.parametrize("kind", ["full", "incremental"])
def test_manifests_have_the_attributes_of_real_ones_in_their_order(
    tmp_path: Path, kind: str
) -> None:
    destination = LocalFolder(tmp_path)
    if kind == "full":
        written = write_full_export(destination, USERS, students(2), MIDNIGHT)
    else:
        written = write_incremental_export(destination, USERS, CHANGES, WINDOW)
    ours = json.loads((tmp_path / written.summary_key).read_text())
    files = (tmp_path / written.files_key).read_text().splitlines()
    for path in REAL.glob("*/manifest-summary.json"):
        real = json.loads(path.read_text())
        if ("exportTime" in real) == (kind == "full"):
            assert list(ours) == list(real)
            assert {name: ours[name] for name in ("version", "s3SseAlgorithm", "s3Prefix")} == {
                name: real[name] for name in ("version", "s3SseAlgorithm", "s3Prefix")
            }
            line = (path.parent / "manifest-files.json").read_text().splitlines()[0]
            assert list(json.loads(files[0])) == list(json.loads(line))


@pytest.mark.parametrize("has_record", [True, False])
def test_ion_lines_carry_the_version_marker_and_the_wanted_wrapper(
    tmp_path: Path, has_record: bool
) -> None:
    options = ExportOptions(output_format="ION", data_files=1, has_ion_record=has_record)
    written = write_incremental_export(
        LocalFolder(tmp_path), USERS, CHANGES[2:], WINDOW, "NEW_IMAGE", options
    )
    (file,) = written.data_files
    assert file.key.endswith(".ion.gz")
    line = gzip.decompress((tmp_path / file.key).read_bytes()).decode()
    change = '{Metadata:{WriteTimestampMicros:1767226500123458.},Keys:{PK:"USER#u1",SK:"B"}}'
    assert line == f"$ion_1_0 {f'{{Record:{change}}}' if has_record else change}\n"
    summary = json.loads((tmp_path / written.summary_key).read_text())
    assert summary["outputFormat"] == "ION"
