"""How commands end that a signal or a full disk stops: one line, exit code 20, and no traceback."""

import errno
import os
import signal
from collections.abc import Iterator
from typing import NoReturn

import duckdb
import pytest
from sqlalchemy.exc import OperationalError

from assets import cli
from mavprep_analytics.cli.ending import heard


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The handlers of signals are after a test what they were before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ended(monkeypatch: pytest.MonkeyPatch, error: BaseException | None) -> int | str | None:
    """The exit code of a command that raises; None: that is sent SIGTERM."""

    def command(**_: object) -> NoReturn:
        os.kill(os.getpid(), signal.SIGTERM)
        raise error or AssertionError("the signal was not heard")

    if error is not None:
        monkeypatch.setattr(os, "kill", lambda *_: None)
    monkeypatch.setattr(cli, "app", command)
    with pytest.raises(SystemExit) as exit_:
        cli.main(["run"])
    return exit_.value.code


NO_SPACE = os.strerror(errno.ENOSPC)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, NO_SPACE), "a disk: No space left on device"),
        (OSError(errno.ENOSPC, NO_SPACE, "/here", None, "/there"), "/there: No space"),
        (OSError(errno.EFBIG, os.strerror(errno.EFBIG), "/lake/file"), "/lake/file: File too large"),
        (OSError(f"[Errno 28] Error writing bytes to file. Detail: [errno 28] {NO_SPACE}"), "a disk: No space"),
        (duckdb.IOException(f'Could not write file "/tmp/spill": {NO_SPACE}'), "a disk: No space"),
        (OperationalError("insert", {}, Exception("database or disk is full")), "a disk: disk is full"),
    ],
)  # fmt: skip
def test_a_full_disk_is_temporary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, told: str
) -> None:
    assert ended(monkeypatch, error) == 20
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"mavprep: {told}")
    assert "MAVPREP_HOME" in line


def test_sigterm_is_temporary_and_a_second_one_kills(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, None) == 20
    assert capsys.readouterr().err == "mavprep: stopped by a signal. Run again\n"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_within_a_block_that_hears_it_the_first_signal_only_tells() -> None:
    with heard() as told:
        assert not told.is_set()
        before = signal.getsignal(signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        assert told.wait(0)
        assert signal.getsignal(signal.SIGINT) is not before
