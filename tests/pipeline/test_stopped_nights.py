"""Nights that a signal or a full disk stops: one line, nothing published, and the next ends like one undisturbed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nights import MAVPREP, UNTIL, Site, emptied, small_campus

PATIENCE_SECONDS = 30


def stopped(site: Site, after: str) -> tuple[int, str, float]:
    """Run the night, send SIGTERM once a step is done; return code, the last lines, and the seconds that it took."""
    with subprocess.Popen(
        [MAVPREP, "run", "--as-of", str(UNTIL)],
        env=site.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as night:
        assert night.stdout
        for line in night.stdout:
            if "done" in line and after in line.split():
                break
        told_at = time.monotonic()
        night.send_signal(signal.SIGTERM)
        return night.wait(), night.stdout.read(), time.monotonic() - told_at


def test_a_stopped_night_says_so_and_the_next_one_completes(
    database_url: str, tmp_path: Path
) -> None:
    campus = small_campus(tmp_path / "campus")
    control = Site(campus, database_url, tmp_path / "control").prepare()
    assert control.night().returncode == 0
    wanted = control.content()
    site = Site(campus, emptied(database_url), tmp_path / "home").prepare()
    for step in ("exports", "rankings"):
        code, told, seconds = stopped(site, step)
        assert code == 20, told
        assert told.rstrip().endswith("Run again: what was committed is reused"), told
        assert "Traceback" not in told
        assert seconds < PATIENCE_SECONDS
        assert site.publications() == []
    last = site.night()
    assert last.returncode == 0, last.stderr
    assert site.content() == wanted


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk, and not everywhere")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.long
def test_a_night_on_a_full_disk_says_so_and_the_next_one_completes(
    database_url: str, tmp_path: Path, small_disk: Path
) -> None:
    campus = small_campus(tmp_path / "campus")
    control = Site(campus, database_url, tmp_path / "control").prepare()
    assert control.night().returncode == 0
    wanted = control.content()
    site = Site(campus, emptied(database_url), tmp_path / "home").prepare()
    for _ in range(2):
        full = site.night(MAVPREP_LAKE_URL=str(small_disk / "lake"))
        assert full.returncode == 20, full.stderr
        assert "No space left on device. Make room" in full.stderr
        assert "Traceback" not in full.stderr
        assert site.publications() == []
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    last = site.night(MAVPREP_LAKE_URL=str(small_disk / "lake"))
    assert last.returncode == 0, last.stderr
    assert site.content() == wanted
