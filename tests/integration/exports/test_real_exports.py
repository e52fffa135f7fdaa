"""Exports as AWS wrote them: verified, refused for their real gap, and applied once it is accepted."""

import os
import shutil
from base64 import b64encode
from datetime import date
from hashlib import md5
from pathlib import Path

import pytest
from lake_states import rows

from mavprep_analytics.exports import ingest
from mavprep_analytics.exports.refusals import BadManifest, Gap
from mavprep_analytics.lake import Lake

DATA = Path(os.environ.get("MAVPREP_SHARED_DATA") or Path(__file__).parents[4] / "shared/data")
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
