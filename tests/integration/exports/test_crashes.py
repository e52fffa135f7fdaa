"""A killed ingest leaves the lake as it was, and the next one ends where an undisturbed one does."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import export_items as make
import pytest
from lake_states import core_digests

from mavprep_analytics.exports import ingest
from mavprep_analytics.lake import Lake

AS_OF = date(2026, 1, 1)

SCRIPT = """
import os, signal, sys
from datetime import date
from mavprep_analytics.exports import ingest
from mavprep_analytics.lake import Lake

def die(stage, done, total):
    if (stage, done) == (sys.argv[3], int(sys.argv[4])):
        os.kill(os.getpid(), signal.SIGKILL)

ingest(sys.argv[1], Lake.open(sys.argv[2]), date(2026, 1, 1), progress=die)
"""


@pytest.mark.parametrize(("stage", "done"), [("read", 1), ("merge", 1), ("merge", 11)])
def test_a_killed_ingest_commits_nothing_and_the_next_one_completes(
    tmp_path: Path, stage: str, done: int
) -> None:
    exports = tmp_path / "exports"
    make.write_full(exports, [item for n in range(5) for item in make.one_of_each(f"u{n}")])
    command = [sys.executable, "-c", SCRIPT, str(exports), str(tmp_path / "lake"), stage, str(done)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    killed = subprocess.run(command, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    lake, control = Lake.open(str(tmp_path / "lake")), Lake.open(str(tmp_path / "control"))
    assert lake.head().number == 0
    ingest(str(exports), lake, AS_OF)
    ingest(str(exports), control, AS_OF)
    assert core_digests(lake) == core_digests(control)
