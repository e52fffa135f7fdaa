"""Exports as AWS wrote them: verified, refused for their real gap, and applied once it is accepted."""

import gzip
import json
import os
import shutil
from base64 import b64encode
from datetime import UTC, date, datetime
from hashlib import md5
from pathlib import Path

import pytest
from lake_states import rows

from mavprep_analytics.exports import ingest
from mavprep_analytics.exports.declarations import Declaration, declare, named
from mavprep_analytics.exports.discovery import discover
from mavprep_analytics.exports.places import open_place
from mavprep_analytics.exports.refusals import BadManifest, Gap
from mavprep_analytics.lake import Lake

DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[4] / "shared/data")
SAMPLES = DATA / "aws-exports"
AS_OF = date(2026, 1, 14)
WINDOWS = ("01768386924000-d339e52d", "01768388186000-4a2fc3ff")

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this machine")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A copy whose summaries match their checksums again; their publisher redacted the account."""
    folder = tmp_path / "exports"
    shutil.copytree(SAMPLES, folder, copy_function=shutil.copyfile)
    for summary in folder.glob("AWSDynamoDB/*/manifest-summary.json"):
        digest = b64encode(md5(summary.read_bytes()).digest())
        summary.with_suffix(".md5").write_bytes(digest)
    return folder


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


def test_redacted_summaries_are_refused(lake: Lake) -> None:
    with pytest.raises(BadManifest, match=r"manifest-summary.json does not match its md5"):
        ingest(str(SAMPLES), lake, AS_OF)


def test_the_full_export_verifies_and_loses_no_item(exports: Path, lake: Lake) -> None:
    for window in WINDOWS:
        shutil.rmtree(exports / "AWSDynamoDB" / window)
    done = ingest(str(exports), lake, AS_OF)
    assert (done.accepted, done.quarantined, done.unrecognised) == (0, 0, 3)
    assert len(rows(lake, "export_files")) == 4
    assert len(rows(lake, "raw_unrecognised")) == 3


def test_the_real_gap_of_69_seconds_is_refused(exports: Path, lake: Lake) -> None:
    wanted = r"test lacks the window from 2026-01-14T10:18:50Z to 2026-01-14T10:20:00Z"
    with pytest.raises(Gap, match=wanted):
        ingest(str(exports), lake, AS_OF)
    assert lake.head().number == 0


def _as_settings_items(exports: Path) -> None:
    """Rename nothing but the keys in every data file, so that its items are SETTINGS of a user `pk.sk`."""
    for path in exports.rglob("*.json.gz"):
        records = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        for part in (
            part for record in records for name, part in record.items() if name != "Metadata"
        ):
            user = f"{part.pop('pk')['S']}.{part.pop('sk')['S']}"
            part |= {"PK": {"S": f"USER#{user}"}, "SK": {"S": "SETTINGS"}}
        path.write_bytes(gzip.compress(b"".join(json.dumps(r).encode() + b"\n" for r in records)))
    for manifest in exports.glob("AWSDynamoDB/*/manifest-files.json"):
        lines = [json.loads(line) for line in manifest.read_text().splitlines()]
        for line in lines:
            content = (exports / line["dataFileS3Key"]).read_bytes()
            line["md5Checksum"] = b64encode(md5(content).digest()).decode()
        manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
        manifest.with_suffix(".md5").write_bytes(b64encode(md5(manifest.read_bytes()).digest()))


def test_with_the_gap_accepted_inserts_updates_and_deletes_apply(exports: Path, lake: Lake) -> None:
    _as_settings_items(exports)
    found = discover(open_place(str(exports)), str(exports))
    first = named(found, WINDOWS[0])
    declare(lake, first, Declaration.GAP, by="a person", at=datetime(2026, 1, 15, tzinfo=UTC))
    done = ingest(str(exports), lake, AS_OF)
    assert (done.accepted, done.quarantined, done.unrecognised) == (14, 0, 0)
    assert [row["user_id"] for row in rows(lake, "core_settings")] == [
        "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "3.3", "4.2",
    ]  # fmt: skip
    drift = {
        row["attribute"]
        for row in rows(lake, "raw_drift")
        if row["export_arn"].endswith(WINDOWS[1])
    }
    assert {"bin_update", "null", "bset"} <= drift
