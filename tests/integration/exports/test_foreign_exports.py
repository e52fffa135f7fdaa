"""Exports of another bucket, account or table than a person has named are refused before any data is read."""

from pathlib import Path

import export_items as make
import pytest

from mavprep_analytics.campus.manifests import TableIdentity
from mavprep_analytics.exports import Limits, ingest
from mavprep_analytics.exports.allowed import Allowed
from mavprep_analytics.exports.refusals import Foreign
from mavprep_analytics.lake import Lake

TABLE = TableIdentity(make.TABLE)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    written = make.write_full(tmp_path / "exports", [make.profile()])
    for file in written.data_files:
        (tmp_path / "exports" / file.key).unlink()
    return tmp_path / "exports"


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (Allowed(bucket="ours"), "MAVPREP_EXPORT_BUCKET"),
        (Allowed(account="210987654321"), "MAVPREP_EXPORT_ACCOUNT"),
        (Allowed(tables=frozenset([TABLE.arn + "s"])), "MAVPREP_EXPORT_ALLOWED_TABLES"),
    ],
)
def test_a_foreign_export_is_refused_before_its_data_is_asked_for(
    exports: Path, tmp_path: Path, allowed: Allowed, words: str
) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    with pytest.raises(Foreign, match=words) as caught:
        ingest(str(exports), lake, make.MORNING.date(), limits=Limits(allowed=allowed))
    assert caught.value.exit_code == 30
    assert lake.head().number == 0


def test_our_own_exports_are_taken(tmp_path: Path) -> None:
    make.write_full(tmp_path / "exports", [make.profile()])
    ours = Allowed(account=TABLE.account, tables=frozenset([TABLE.arn]))
    lake = Lake.open(str(tmp_path / "lake"))
    done = ingest(str(tmp_path / "exports"), lake, make.MORNING.date(), limits=Limits(allowed=ours))
    assert done.accepted == 1
