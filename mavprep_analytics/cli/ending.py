"""What a signal to end does to a command: SIGTERM as a scheduler sends it, SIGINT as Ctrl-C does.

A command ends at once, between two instructions: whatever it commits, it commits whole. Only a mailer hears the
signal itself, since a call in flight would be a mail of which nobody knows whether it went.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopped(BaseException):
    """SIGTERM came; no handler of errors may swallow it."""


def end_at_once() -> None:
    """Let the first SIGTERM raise Stopped, and a second one kill."""
    signal.signal(signal.SIGTERM, _raise)


def _raise(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Stopped


@contextmanager
def heard() -> Iterator[threading.Event]:
    """Yield an event that the first signal to end sets within the block; a second one ends at once."""
    told = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def hear(_number: int, _frame: FrameType | None) -> None:
        told.set()
        for each in SIGNALS:
            signal.signal(each, before[each])

    for number in SIGNALS:
        signal.signal(number, hear)
    try:
        yield told
    finally:
        for number in SIGNALS:
            signal.signal(number, before[number])
