"""Broken and hostile exports: refused by name, exit code 30, and the lake keeps every byte."""

import gzip
import json
import multiprocessing
import os
import shutil
import signal
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import export_items as make
import pytest
from lake_states import rows, snapshot

from mavprep_analytics.campus.export_writer import ExportWritten
from mavprep_analytics.campus.manifests import TableIdentity
from mavprep_analytics.embedded.detached import eventually
from mavprep_analytics.errors import Temporary
from mavprep_analytics.exports import Limits, ingest, ingestion, refusals
from mavprep_analytics.exports.decoding import Decoder
from mavprep_analytics.exports.reading import Read, ReadTask, read
from mavprep_analytics.exports.texts import Text
from mavprep_analytics.lake import Lake

AS_OF = date(2026, 1, 1)
NEXT = AS_OF + timedelta(days=1)
DAY = timedelta(days=1)
ITEMS = [item for n in range(10) for item in make.one_of_each(f"u{n}")]


class Site:
    """A lake that already holds one full export, and a second, newer export to be broken."""

    def __init__(self, folder: Path, second: ExportWritten) -> None:
        self.exports, self.lake_folder, self.second = folder / "exports", folder / "lake", second
        self.lake = Lake.open(str(self.lake_folder))
        self.before = snapshot(self.lake_folder)

    @property
    def folder(self) -> Path:
        return (self.exports / self.second.summary_key).parent

    @property
    def data_file(self) -> Path:
        return self.exports / next(f.key for f in self.second.data_files if f.item_count)

    def rewrite(self, name: str, change: Callable[[str], str]) -> None:
        """Change a manifest and forge its checksum."""
        path = self.folder / f"{name}.json"
        path.write_text(change(path.read_text()))
        path.with_suffix(".md5").write_bytes(b64encode(md5(path.read_bytes()).digest()))

    def forge(self, content: bytes, **fields: Any) -> None:
        """Change the data file and make the manifest agree with its new bytes."""
        key = self.data_file.relative_to(self.exports).as_posix()
        self.data_file.write_bytes(content)
        digest = b64encode(md5(content).digest()).decode()

        def change(text: str) -> str:
            lines = [json.loads(line) for line in text.splitlines()]
            for line in lines:
                if line["dataFileS3Key"] == key:
                    line.update({"md5Checksum": digest, **fields})
            return "\n".join(map(json.dumps, lines)) + "\n"

        self.rewrite("manifest-files", change)

    def refused(self, kind: type[refusals.ExportRefused], match: str, workers: int = 1) -> None:
        """Ingest; demand this refusal, and an untouched lake."""
        with pytest.raises(kind, match=match) as caught:
            ingest(str(self.exports), self.lake, NEXT, workers=workers)
        assert caught.value.exit_code == 30
        assert snapshot(self.lake_folder) == self.before


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ExportWritten]:
    folder = tmp_path_factory.mktemp("site")
    make.write_full(folder / "exports", ITEMS)
    ingest(str(folder / "exports"), Lake.open(str(folder / "lake")), AS_OF)
    return folder, make.write_full(folder / "exports", ITEMS, make.MORNING + DAY, data_files=2)


@pytest.fixture
def site(prepared: tuple[Path, ExportWritten], tmp_path: Path) -> Site:
    shutil.copytree(prepared[0], tmp_path, dirs_exist_ok=True)
    return Site(tmp_path, prepared[1])


def test_the_second_export_is_taken_when_nothing_is_wrong(site: Site) -> None:
    assert not ingest(str(site.exports), site.lake, NEXT).unchanged
    assert snapshot(site.lake_folder) != site.before


@pytest.mark.parametrize("name", ["manifest-summary", "manifest-files"])
def test_a_manifest_that_fails_its_checksum_is_refused(site: Site, name: str) -> None:
    path = site.folder / f"{name}.json"
    path.write_bytes(path.read_bytes() + b" ")
    site.refused(refusals.BadManifest, f"{name}.json does not match its md5 companion")


@pytest.mark.parametrize("name", ["manifest-summary", "manifest-files"])
def test_a_companion_named_checksum_is_checked_alike(site: Site, name: str) -> None:
    (site.folder / f"{name}.md5").rename(site.folder / f"{name}.checksum")
    (site.folder / f"{name}.checksum").write_bytes(b"AAAAAAAAAAAAAAAAAAAAAA==")
    site.refused(refusals.BadManifest, "md5 companion")


def test_a_companion_named_checksum_is_accepted(site: Site) -> None:
    for name in ("manifest-summary", "manifest-files"):
        (site.folder / f"{name}.md5").rename(site.folder / f"{name}.checksum")
    assert not ingest(str(site.exports), site.lake, NEXT).unchanged


def test_a_companion_with_a_new_line_is_accepted(site: Site) -> None:
    companion = site.folder / "manifest-files.md5"
    companion.write_bytes(companion.read_bytes() + b"\n")
    assert not ingest(str(site.exports), site.lake, NEXT).unchanged


@pytest.mark.parametrize(
    "gone",
    ["manifest-summary.json", "manifest-summary.md5", "manifest-files.json", "manifest-files.md5"],
)
def test_an_unfinished_export_is_no_candidate(site: Site, gone: str) -> None:
    (site.folder / gone).unlink()
    assert ingest(str(site.exports), site.lake, NEXT).unchanged
    assert snapshot(site.lake_folder) == site.before


def test_a_missing_data_file_is_refused_by_name(site: Site) -> None:
    site.data_file.unlink()
    site.refused(refusals.MissingFile, site.data_file.name)


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read is read by processes of its own, as large exports are."""
    monkeypatch.setattr(ingestion, "_POOL_ITEMS", 0)
    monkeypatch.setattr(ingestion, "_TASK_ITEMS", 10)


@pytest.mark.usefixtures("two_workers")
def test_a_refusal_comes_whole_out_of_a_worker_process(site: Site) -> None:
    site.data_file.unlink()
    site.refused(refusals.MissingFile, site.data_file.name, workers=2)


@pytest.mark.usefixtures("two_workers")
def test_a_worker_that_is_killed_is_temporary(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "read", _die)
    with pytest.raises(Temporary, match="process that reads exports was killed") as caught:
        ingest(str(site.exports), site.lake, NEXT, workers=2)
    assert caught.value.exit_code == 20
    assert snapshot(site.lake_folder) == site.before


def _die(task: ReadTask) -> Read:
    """Die in another process; in this one wait until that has happened."""
    marker = task.folder / "died"
    if multiprocessing.parent_process() is not None:
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    assert eventually(marker.exists, 60)
    return read(task)


def test_a_changed_data_file_is_refused_by_name(site: Site) -> None:
    content = bytearray(site.data_file.read_bytes())
    content[len(content) // 2] ^= 1
    site.data_file.write_bytes(content)
    site.refused(refusals.DataMismatch, f"{site.data_file.name} does not match its md5")


def test_a_truncated_file_with_a_forged_md5_is_refused(site: Site) -> None:
    site.forge(site.data_file.read_bytes()[:-20])
    site.refused(refusals.DataMismatch, "no whole gzip file")


def test_an_empty_object_with_a_forged_md5_is_refused(site: Site) -> None:
    site.forge(b"")
    site.refused(refusals.DataMismatch, site.data_file.name)


def test_a_file_cut_at_a_member_boundary_with_a_forged_md5_is_refused(site: Site) -> None:
    lines = gzip.decompress(site.data_file.read_bytes()).splitlines(keepends=True)
    site.forge(gzip.compress(b"".join(lines[:-1])))
    site.refused(refusals.DataMismatch, "does not hold the")


def test_a_file_of_many_members_is_read_whole(site: Site) -> None:
    lines = gzip.decompress(site.data_file.read_bytes()).splitlines(keepends=True)
    site.forge(b"".join(gzip.compress(line) for line in lines))
    assert ingest(str(site.exports), site.lake, NEXT).quarantined == 0


def test_a_summary_that_does_not_add_up_is_refused(site: Site) -> None:
    count = f'"itemCount":{site.second.item_count}'
    site.rewrite("manifest-summary", lambda text: text.replace(count, '"itemCount":1'))
    site.refused(refusals.BadManifest, "not the sum")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"outputFormat":"DYNAMODB_JSON"', '"outputFormat":"CSV"'),
        ('"exportTime":"2026-01-03', '"exportTime":"sometime'),
        ('"exportArn":"arn:aws:dynamodb:us-east-1', '"exportArn":"arn:aws:dynamodb:eu-west-1'),
        ('"tableId":', '"tableIdentity":'),
        ('{"version"', '{"exportType":"PARTIAL","version"'),
    ],
)
def test_a_summary_with_an_unknown_or_missing_field_is_refused(
    site: Site, old: str, new: str
) -> None:
    assert old in (site.folder / "manifest-summary.json").read_text()
    site.rewrite("manifest-summary", lambda text: text.replace(old, new))
    site.refused(refusals.BadManifest, site.second.export_id)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("INCREMENTAL_EXPORT", "PARTIAL_EXPORT", "unknown exportType 'PARTIAL_EXPORT'"),
        ("NEW_AND_OLD_IMAGES", "OLD_IMAGE", "unknown outputView 'OLD_IMAGE'"),
        ('"exportFromTime":"2026-01-02', '"exportFromTime":"2026-01-04', "ends before it starts"),
    ],
)
def test_a_window_that_says_something_unknown_or_impossible_is_refused(
    site: Site, old: str, new: str, words: str
) -> None:
    shutil.rmtree(site.folder)
    site.second = make.write_window(site.exports, [], (make.MORNING, make.MORNING + DAY))
    assert old in (site.folder / "manifest-summary.json").read_text()
    site.rewrite("manifest-summary", lambda text: text.replace(old, new))
    site.refused(refusals.BadManifest, words)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("manifest-summary", '"version":"2020-06-30"', '"version":"2031-01-01","colour":"red"'),
        ("manifest-summary", "{", '{"exportType":"FULL_EXPORT",'),
        ("manifest-files", '"etag":"', '"etag":"other'),
    ],
)
def test_what_a_manifest_may_say_besides_changes_nothing(
    site: Site, name: str, old: str, new: str
) -> None:
    assert old in (site.folder / f"{name}.json").read_text()
    site.rewrite(name, lambda text: text.replace(old, new, 1))
    assert not ingest(str(site.exports), site.lake, NEXT).unchanged


def test_an_export_without_files_is_an_empty_one(site: Site) -> None:
    count = f'"itemCount":{site.second.item_count}'
    site.rewrite("manifest-files", lambda _: "")
    site.rewrite("manifest-summary", lambda text: text.replace(count, '"itemCount":0'))
    done = ingest(
        str(site.exports), site.lake, NEXT,
        limits=Limits(shrink_users_percent=100, shrink_rows_percent=100),
    )  # fmt: skip
    assert (done.unchanged, done.accepted, rows(site.lake, "core_profiles")) == (False, 0, [])


def test_an_export_whose_manifest_names_a_filter_is_never_part_of_a_chain(site: Site) -> None:
    site.rewrite(
        "manifest-summary",
        lambda text: text.replace("{", '{"filterSpecification":{"filterExpression":"x"},', 1),
    )
    assert ingest(str(site.exports), site.lake, NEXT).unchanged
    assert snapshot(site.lake_folder) == site.before


@pytest.mark.parametrize(
    "hostile",
    [
        "../../etc/passwd",
        "AWSDynamoDB/{id}/data/../../../secret.json.gz",
        "AWSDynamoDB/01767312372000-00000000/data/aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz",
        "other/AWSDynamoDB/{id}/data/aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz",
        "https://evil.example/AWSDynamoDB/data/aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz",
        "AWSDynamoDB\\{id}\\data\\aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz",
        "AWSDynamoDB/{id}/data/aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz\0",
        "AWSDynamoDB/{id}/data/aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz\n",
        "AWSDynamoDB/{id}/data/AAAAAAAAAAAAAAAAAAAAAAAAAA.json.gz",
        "AWSDynamoDB/{id}/data/aaaaaaaaaaaaaaaaaaaaaaaaaa.ion.gz",
    ],
    ids=range(10),
)
def test_a_key_outside_the_export_is_refused_before_any_read(site: Site, hostile: str) -> None:
    key = hostile.replace("{id}", site.second.export_id)
    line = json.dumps({"itemCount": 1, "md5Checksum": "x", "etag": "", "dataFileS3Key": key})
    site.rewrite("manifest-files", lambda text: text + line + "\n")
    site.refused(refusals.HostileKey, "is no data file of this export")


def test_a_data_file_that_is_named_twice_is_refused(site: Site) -> None:
    site.rewrite("manifest-files", lambda text: text + text.splitlines(keepends=True)[0])
    site.refused(refusals.BadManifest, "names a data file twice")


def test_a_negative_count_is_refused(site: Site) -> None:
    key = site.data_file.relative_to(site.exports).as_posix().replace("data/", "data/a")[:-8]
    line = {"itemCount": -1, "md5Checksum": "x", "dataFileS3Key": f"{key[:-1]}.json.gz"}
    site.rewrite("manifest-files", lambda text: text + json.dumps(line) + "\n")
    site.refused(refusals.HostileKey, "is no data file of this export")


def test_a_file_of_endless_zeros_is_stopped(site: Site) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    site.forge(b"".join(packer.compress(zeros) for _ in range(72)) + packer.flush())
    site.refused(refusals.TooLarge, site.data_file.name)


def test_more_lines_than_promised_are_stopped_before_they_are_decoded(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode, decoded = Decoder.decode, []

    def counted(decoder: Decoder, text: Text) -> Any:
        decoded.append(len(text.lines))
        return decode(decoder, text)

    monkeypatch.setattr(Decoder, "decode", counted)
    line = b'{"Item":{"PK":{"S":"USER#x"},"SK":{"S":"SETTINGS"}}}\n'
    site.forge(gzip.compress(line * 400_000))
    site.refused(refusals.DataMismatch, "does not hold the")
    assert sum(decoded) <= site.second.item_count


def test_a_manifest_of_too_many_files_is_refused(site: Site) -> None:
    site.rewrite("manifest-files", lambda _: "{}\n" * 200_001)
    site.refused(refusals.TooLarge, "lists 200001 files")


def test_a_giant_manifest_is_refused(site: Site) -> None:
    path = site.folder / "manifest-files.json"
    os.truncate(path, (64 << 20) + 1)
    site.refused(refusals.TooLarge, "larger than 64 MiB")


def test_the_same_arn_with_other_contents_is_refused(site: Site) -> None:
    make.write_full(site.exports, [make.profile("u0"), make.profile("u99")])
    site.refused(refusals.ExportMutated, "other contents")


def test_a_copy_with_other_contents_is_refused(site: Site) -> None:
    make.write_full(site.exports / "copy", [make.profile()], make.MORNING + DAY, data_files=2)
    site.refused(refusals.ExportMutated, "other contents")


def test_a_broken_export_that_is_superseded_does_not_block(site: Site) -> None:
    path = site.folder / "manifest-files.json"
    path.write_bytes(path.read_bytes() + b" ")
    make.write_full(site.exports, ITEMS, make.MORNING + DAY + timedelta(seconds=1))
    assert not ingest(str(site.exports), site.lake, NEXT + DAY).unchanged


def test_a_moved_export_is_read_where_it_lies(tmp_path: Path) -> None:
    make.write_full(tmp_path / "then", make.one_of_each())
    (tmp_path / "now/deep").mkdir(parents=True)
    (tmp_path / "then/AWSDynamoDB").rename(tmp_path / "now/deep/AWSDynamoDB")
    lake = Lake.open(str(tmp_path / "lake"))
    assert ingest(str(tmp_path / "now"), lake, AS_OF).accepted == 10


def test_foreign_objects_in_the_data_folder_are_ignored(site: Site) -> None:
    (site.data_file.parent / "aaaaaaaaaaaaaaaaaaaaaaaaaa.json.gz").write_bytes(b"other")
    assert not ingest(str(site.exports), site.lake, NEXT).unchanged


def test_a_table_made_anew_needs_a_full_export(site: Site) -> None:
    again = TableIdentity(make.TABLE, table_id="another")
    window = (make.MORNING + DAY, make.MORNING + 2 * DAY)
    make.write_window(site.exports, [], window, table=again)
    with pytest.raises(refusals.NewChain, match="made anew"):
        ingest(str(site.exports), site.lake, NEXT + DAY)
    assert snapshot(site.lake_folder) == site.before
    make.write_full(site.exports, ITEMS, make.MORNING + 2 * DAY, table=again)
    assert not ingest(str(site.exports), site.lake, NEXT + DAY).unchanged
