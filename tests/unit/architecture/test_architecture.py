"""The rules of the house that a reader can break without noticing."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mavprep_analytics
from mavprep_analytics.packaged_files import packaged_folder

ROOT = Path(mavprep_analytics.__file__).resolve().parent
MODULES = sorted(m.name for m in pkgutil.walk_packages([str(ROOT)], "mavprep_analytics."))


def test_importing_every_module_opens_nothing_and_reads_no_environment() -> None:
    script = f"""
import importlib, os, socket
def refuse(*arguments, **options):
    raise AssertionError("a module opened a connection when imported")
os.environ.clear()
socket.socket.connect = socket.create_connection = refuse
for name in {MODULES!r}:
    importlib.import_module(name)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_belongs_in_it(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip()


@pytest.mark.parametrize(
    "path", sorted(packaged_folder("sql").rglob("*.sql")), ids=lambda p: p.name
)
def test_a_sql_file_opens_with_its_header_and_holds_no_python(path: Path) -> None:
    assert path.read_text().startswith("--")


def test_no_file_outgrows_four_hundred_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in ROOT.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_sql_is_never_built_by_string_formatting_into_execute() -> None:
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if re.search(r"\.execute\(\s*f[\"']", path.read_text())
    ]
    assert guilty == []
