"""Runs many `mavprep` commands, each in a process of its own forked after the imports, which take the longest.

As a program: reads a JSON list of `{"words": […], "environment": {…}}` and writes one of what became of each.
"""

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def told(self) -> str:
        """The one line that it ended with."""
        (line,) = [text for text in self.stderr.splitlines() if text.startswith("mavprep:")]
        return line


def run_all(
    commands: Sequence[tuple[Sequence[str], Mapping[str, str]]], environment: Mapping[str, str]
) -> list[Done]:
    """Run commands one after the other.

    Args:
        commands: the words of each, and the variables that it has besides.
        environment: the variables of all.
    """
    asked = [{"words": list(words), "environment": dict(own)} for words, own in commands]
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(asked),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=1100,
    )
    return [Done(**each) for each in json.loads(done.stdout)]


def _run(words: list[str], environment: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        child = os.fork()
        if child == 0:
            os.environ.update(environment)
            for path, descriptor in ((out, 1), (err, 2)):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
            _exit_as(words)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return {"returncode": code, "stdout": out.read_text(), "stderr": err.read_text()}


def _exit_as(words: list[str]) -> NoReturn:
    code = 1
    try:
        main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - what python does at its end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    import assets.runs
    from assets.cli import main

    assert assets.runs, "imported once, for all commands"
    results = [_run(**each) for each in json.load(sys.stdin)]
    json.dump(results, sys.stdout)
