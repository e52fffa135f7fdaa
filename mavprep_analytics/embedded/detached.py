"""Servers that outlive the command that started them, found again by a lock that they hold.

A server inherits a locked file from its starter and keeps it open, as do its own children; the kernel
drops the lock with the last of them. So "is it running" asks the kernel, never a process number that
may belong to another program by now, and a killed server needs no cleaning up.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from mavprep_analytics.embedded.server_user import ServerUser
from mavprep_analytics.errors import Misconfigured, Temporary

_PAUSE_SECONDS = 0.01
# The server's input is empty, its output goes to the log, and the shell ends at once: no child of ours
# remains to be waited for. Arguments pass unparsed.
_LAUNCH = '"$@" >&2 </dev/null &'


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until the condition holds; false if it does not within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


@contextmanager
def alone(path: Path, seconds: float = 180) -> Iterator[int]:
    """Keep other processes out of the block; the file stays, the lock goes with this process at the latest.

    Yields the lock's descriptor: a child that inherits it keeps others out even when this process is killed.

    Raises:
        Temporary: another process stays inside for longer than that.
        Misconfigured: the file cannot be written.
    """
    descriptor = _open(path)
    try:
        if not eventually(lambda: _lock(descriptor), seconds):
            raise Temporary(f"another process has held {path} for {seconds:.0f} s", "Try again")
        yield descriptor
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether a server (or a child of it) that was launched with this lock is alive."""
    if not path.exists():
        return False
    descriptor = _open(path)
    try:
        return not _lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def launch(
    command: Sequence[str | Path],
    lock: Path,
    log: Path,
    user: ServerUser,
    environment: Mapping[str, str],
) -> None:
    """Start a server in the background that holds `lock` while it lives and writes to a fresh `log`.

    Raises:
        Temporary: an earlier server's processes still hold the lock.
        Misconfigured: the files cannot be written.
    """
    lock_descriptor, log_descriptor = _open(lock), _open(log, os.O_TRUNC)
    try:
        if not eventually(lambda: _lock(lock_descriptor), 30):
            raise Temporary(f"an earlier server still holds {lock}", "Try again")
        user.run(
            ["/bin/sh", "-c", _LAUNCH, "sh", *command],
            environment=environment,
            log=log_descriptor,
            keep_open=[lock_descriptor],
        )
    finally:
        os.close(lock_descriptor)
        os.close(log_descriptor)


def stop(
    pid: int, lock: Path, user: ServerUser, signals: Sequence[str], patience_seconds: float = 30
) -> None:
    """Send signals (`INT`, `TERM`, …), with patience after each, until the lock is free.

    They are sent as the server's user, so a wrong number never ends a process of anyone else.

    Raises:
        Temporary: the server outlived them all.
    """
    for signal in signals:
        user.run(["/bin/sh", "-c", 'kill -s "$1" "$2"', "sh", signal, str(pid)])
        if eventually(lambda: not is_held(lock), patience_seconds):
            return
    raise Temporary(f"process {pid} does not stop", f"End it by hand: kill -9 {pid}")


def _open(path: Path, extra: int = 0) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | extra, 0o600)
    except OSError as error:
        raise Misconfigured(
            f"{path} cannot be written ({error.strerror})",
            "Run as the user who owns that folder, or choose another one in MAVPREP_HOME",
        ) from None


def _lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
