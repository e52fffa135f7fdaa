"""Runs `mavprep` again and again and kills it, by signal 9, each time at another named point of the code.

Usage: python crashing.py POINT… -- WORDS… as in `crashing.py model:after ledger:before -- run --as-of DATE`. Every
run is a process of its own, forked after the imports. It prints a line per run: the point and how it ended,
`killed` or `never reached`.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

POINTS = {
    "chain": ("mavprep_analytics.exports.ingestion", "plan"),
    "read": ("mavprep_analytics.exports.ingestion", "read"),
    "lake file": ("mavprep_analytics.lake.lake", "Lake.add_file"),
    "lake commit": ("mavprep_analytics.lake.lake", "Lake._put"),
    "model": ("mavprep_analytics.engine.duckdb_engine", "DuckDBEngine.run"),
    "ledger": ("mavprep_analytics.publication.ledger", "append"),
    "publication": ("mavprep_analytics.publication.publish", "_publish_once"),
    "rank write": ("mavprep_analytics.publication.rank_writer", "RankWriter.write"),
    "rank record": ("mavprep_analytics.publication.reputation_ranks", "_settle"),
    "retention": ("assets.publication", "prune_lake"),
}
"""Name of a point -> module and function whose call it is."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Let this process die before or after the call; `name:after:3` means its third call."""
    name, place, *rest = point.split(":")
    module, path = POINTS[name]
    *owners, function = path.split(".")
    owner: Any = import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    original: Callable[..., Any] = getattr(owner, function)
    left, turn = [int(rest[0]) if rest else 1], threading.Lock()

    def dying(*given: Any, **named: Any) -> Any:
        with turn:
            left[0] -= 1
            is_last = left[0] == 0
        if place == "before" and is_last:
            _die()
        result = original(*given, **named)
        if place == "after" and is_last:
            _die()
        return result

    setattr(owner, function, dying)


def run(point: str, words: list[str]) -> str:
    """Run the command in a child that dies at the point, and say how it ended."""
    child = os.fork()
    if child == 0:
        arm(point)
        main(words)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else "never reached"


if __name__ == "__main__":
    import assets.runs
    from assets.cli import main

    assert assets.runs, "imported once, for all children"
    end = sys.argv.index("--")
    for each in sys.argv[1:end]:
        sys.stdout.write(f"{each} {run(each, sys.argv[end + 1 :])}\n")
        sys.stdout.flush()
