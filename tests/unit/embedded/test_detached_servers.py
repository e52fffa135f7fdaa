"""Locks that living processes hold, and processes that outlive their starter."""

import os
import signal
import threading
from pathlib import Path

import pytest

from mavprep_analytics.embedded.detached import alone, eventually, is_held, launch, stop
from mavprep_analytics.embedded.server_user import ServerUser, minimal_environment
from mavprep_analytics.errors import Misconfigured, Temporary

_ANNOUNCE = 'echo $$ > "$1"; exec sleep 60'


def _launch(folder: Path, script: str = _ANNOUNCE) -> int:
    command = ["/bin/sh", "-c", script, "sh", str(folder / "pid")]
    lock, log = folder / "lock", folder / "log"
    launch(command, lock, log, ServerUser(), minimal_environment())
    assert eventually(lambda: (folder / "pid").exists() and (folder / "pid").read_text() != "", 60)
    return int((folder / "pid").read_text())


def test_a_launched_process_holds_its_lock_until_it_is_stopped(tmp_path: Path) -> None:
    pid = _launch(tmp_path)
    assert is_held(tmp_path / "lock")
    stop(pid, tmp_path / "lock", ServerUser(), ["TERM"])
    assert not is_held(tmp_path / "lock")


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    os.kill(_launch(tmp_path), signal.SIGKILL)
    assert eventually(lambda: not is_held(tmp_path / "lock"), 60)


def test_a_lock_that_was_never_made_is_not_held_and_stays_unmade(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_a_process_that_ignores_one_signal_gets_the_next(tmp_path: Path) -> None:
    pid = _launch(tmp_path, 'trap "" TERM; echo $$ > "$1"; exec sleep 60')
    with pytest.raises(Temporary, match=f"process {pid} does not stop"):
        stop(pid, tmp_path / "lock", ServerUser(), ["TERM"], patience_seconds=0.1)
    stop(pid, tmp_path / "lock", ServerUser(), ["TERM", "KILL"], patience_seconds=1)
    assert not is_held(tmp_path / "lock")


def test_what_a_process_says_is_in_its_log(tmp_path: Path) -> None:
    script = 'echo out; echo err >&2; echo $$ > "$1"'
    _launch(tmp_path, script)
    assert (tmp_path / "log").read_text().split() == ["out", "err"]


def test_one_at_a_time_is_inside(tmp_path: Path) -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def enter() -> None:
        nonlocal inside, most
        for _ in range(20):
            with alone(tmp_path / "lock"):
                with guard:
                    inside += 1
                    most = max(most, inside)
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_too_long_is_told_what_for(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with (
        alone(lock),
        pytest.raises(Temporary, match=f"another process has held {lock}"),
        alone(lock, 0),
    ):
        pass


def test_a_lock_in_a_missing_folder_names_the_file(tmp_path: Path) -> None:
    with (
        pytest.raises(Misconfigured, match="missing/lock cannot be written"),
        alone(tmp_path / "missing" / "lock"),
    ):
        pass
