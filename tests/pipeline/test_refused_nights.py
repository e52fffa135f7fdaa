"""Nights that the `mavprep` command must not take: exit code 30, one line, and nothing is changed."""

import json
import shutil
from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path

import export_items as make
import small_catalogue
from many_commands import run_all
from nights import Site

from mavprep_analytics.campus.export_writer import ExportWritten
from mavprep_analytics.campus.manifests import TableIdentity

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
NIGHT = (make.MORNING, make.MORNING + DAY)
Break = Callable[[Path, ExportWritten], object]


def people(count: int) -> list[make.Item]:
    return [item for n in range(count) for item in make.one_of_each(f"u{n}")]


def change_summary(folder: Path, old: str, new: str) -> None:
    """Change a summary and forge its checksum."""
    path = folder / "manifest-summary.json"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    path.with_suffix(".md5").write_bytes(b64encode(md5(path.read_bytes()).digest()))


def taken(_exports: Path, _night: ExportWritten) -> None:
    """Leave it as it is."""


def spoilt_manifest(exports: Path, night: ExportWritten) -> None:
    (exports / night.files_key).write_bytes(b"{}")


def missing_file(exports: Path, night: ExportWritten) -> None:
    (exports / night.data_files[0].key).unlink()


def changed_file(exports: Path, night: ExportWritten) -> None:
    path = exports / night.data_files[0].key
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def hostile_key(exports: Path, night: ExportWritten) -> None:
    path = exports / night.files_key
    line = {"itemCount": 0, "md5Checksum": "", "dataFileS3Key": "../../etc/passwd"}
    path.write_text(path.read_text() + json.dumps(line) + "\n")
    path.with_suffix(".md5").write_bytes(b64encode(md5(path.read_bytes()).digest()))


def without(exports: Path, written: ExportWritten) -> Path:
    """Take an export away; return the place of exports."""
    shutil.rmtree((exports / written.summary_key).parent)
    return exports


def mutated(exports: Path, _night: ExportWritten) -> None:
    make.write_full(exports, people(61))


def shrunk(exports: Path, night: ExportWritten) -> None:
    make.write_full(without(exports, night), people(50), NIGHT[1])


def made_anew(exports: Path, night: ExportWritten) -> None:
    again = TableIdentity(make.TABLE, table_id="another")
    make.write_window(without(exports, night), [], NIGHT, table=again)


def late(exports: Path, night: ExportWritten) -> None:
    start, end = NIGHT
    make.write_window(without(exports, night), [], (start + timedelta(seconds=69), end))


def overlapping(exports: Path, night: ExportWritten) -> None:
    start, end = NIGHT
    make.write_window(without(exports, night), [], (start - timedelta(seconds=1), end))


def twice(exports: Path, night: ExportWritten) -> None:
    changes = [make.change(make.deck("u1")), make.change(make.deck("u1", totalCards=9))]
    make.write_window(without(exports, night), changes, NIGHT)


def invalid(exports: Path, night: ExportWritten) -> None:
    changes = [make.change(make.deck(f"u{n}", deckId="other")) for n in range(20)]
    make.write_window(without(exports, night), changes, NIGHT)


CASES: dict[str, tuple[Break, dict[str, str], str]] = {
    "a manifest that fails its checksum": (spoilt_manifest, {}, "does not match its md5"),
    "a missing data file": (missing_file, {}, "is missing. Restore it"),
    "a changed data file": (changed_file, {}, "does not match its md5. Copy the export again"),
    "a key outside the export": (hostile_key, {}, "'../../etc/passwd', which is no data file"),
    "an export with other contents": (mutated, {}, "has other contents than when"),
    "an export of another bucket": (taken, {"MAVPREP_EXPORT_BUCKET": "ours"}, "MAVPREP_EXPORT_BUCKET"),
    "a shrink": (shrunk, {}, "lacks 10 of 60 users that were there before. If that is right: mavprep exports accept"),
    "a table made anew": (made_anew, {}, "mavprep exports request --full"),
    "a gap": (late, {}, "from 2026-01-02T00:00:00Z to 2026-01-02T00:01:09Z"),
    "an overlap": (overlapping, {}, "the next window must start at 2026-01-02T00:00:00Z"),
    "an item twice": (twice, {}, "holds one item of core_decks twice"),
    "twenty invalid items": (invalid, {}, "20 of 20 deck items are invalid, the first for key_mismatch of deckId"),
}  # fmt: skip
"""Name -> what breaks the night's export, variables of that night, and what its line says."""


def test_a_night_that_is_refused_changes_nothing_and_says_why_in_one_line(
    database_url: str, tmp_path: Path
) -> None:
    small_catalogue.fill(database_url)
    site = Site(tmp_path / "exports", database_url, tmp_path / "home")
    make.write_full(site.campus, people(60))
    for name, (break_it, _, _) in CASES.items():
        exports = tmp_path / name
        shutil.copytree(site.campus, exports)
        break_it(exports, make.write_window(exports, [], NIGHT))
    first = site.night(FIRST)
    assert first.returncode == 0, first.stderr
    published, lake = site.content(), site.lake_files()

    words = ["run", "--as-of", str(FIRST + DAY)]
    nights = [
        (words, {"MAVPREP_EXPORTS_URL": str(tmp_path / name), **more})
        for name, (_, more, _) in CASES.items()
    ]
    done = run_all(nights, site.environment())
    for ended, (name, (_, _, told)) in zip(done, CASES.items(), strict=True):
        assert (ended.returncode, told in ended.told) == (30, True), f"{name}: {ended.stderr}"
        assert "Traceback" not in ended.stderr, name
    assert (site.content(), site.lake_files()) == (published, lake)

    unfinished = make.write_window(site.campus, [], NIGHT)
    (site.campus / unfinished.summary_key).with_suffix(".md5").unlink()
    waiting = site.night(FIRST + DAY)
    assert (waiting.returncode, site.content()) == (3, published), waiting.stderr
    assert site.publications() == [(1, FIRST)]
