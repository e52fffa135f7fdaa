"""Runs a contender in a fresh process and measures it, child processes included."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

Measured = dict[str, float]
"""Wall and CPU seconds, and the peak memory of the largest process in MB."""


def measured(function: Callable[..., None], *arguments: Any) -> Measured:
    """Run a contender and return what it took; imports, and pandas, which Arrow loads, are not counted."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_timed, args=(sender, function, arguments))
    process.start()
    sender.close()
    figures: Measured = receiver.recv()
    process.join()
    return figures


def _timed(sender: Any, function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    pa.array([])
    before, start = _cpu_seconds(), time.perf_counter()
    function(*arguments)
    wall = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    peak = max(peak_mb(), children)
    sender.send({"wall": wall, "cpu": _cpu_seconds() - before, "peak": peak})


def peak_mb() -> float:
    """Return this process's peak of resident memory; its own, while ru_maxrss begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:", 1)[1].split(maxsplit=1)[0]) / 1024


def _cpu_seconds() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usages = [resource.getrusage(kind) for kind in kinds]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
