"""The list of who may see what: in a file that is read again, for logins and for groups."""

import logging
from pathlib import Path

import pytest

from mavprep_analytics.dashboard.access import Access
from mavprep_analytics.dashboard.grants import Grants, GrantsFile, Role
from mavprep_analytics.dashboard.passwords import make_hash
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

LIST = """
[logins."ada@brook.edu"]
role = "university_admin"
university = "Brook College 1"

[groups.staff]
role = "analyst"

[groups.leads]
role = "global_admin"
"""


def written(path: Path, text: str) -> Path:
    """Write the file as an editor does: another file in its place."""
    other = path.with_suffix(".new")
    other.write_text(text)
    return other.replace(path)


def test_a_login_of_its_own_goes_before_groups_and_groups_in_the_order_of_the_file(
    tmp_path: Path,
) -> None:
    grants = GrantsFile(written(tmp_path / "grants.toml", LIST))()
    ada = grants.of("ada@brook.edu", ["leads"])
    assert ada is not None
    assert (ada.role, ada.university) == (Role.UNIVERSITY_ADMIN, "Brook College 1")
    both = grants.of("kim", ["leads", "staff"])
    assert both is not None
    assert both.role is Role.ANALYST
    assert grants.of("kim", ["students"]) is None
    assert grants.of("kim") is None


def test_a_change_of_the_file_holds_at_once(tmp_path: Path) -> None:
    file = GrantsFile(written(tmp_path / "grants.toml", LIST))
    assert file().of("ada@brook.edu")
    written(tmp_path / "grants.toml", '[logins.ben]\nrole = "analyst"\n')
    assert file().of("ada@brook.edu") is None
    assert file().of("ben")


@pytest.mark.parametrize("broken", ["[logins", '[logins.ada]\nrole = "root"\n'])
def test_a_broken_new_file_leaves_the_former_list_and_is_told(
    broken: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = GrantsFile(written(tmp_path / "grants.toml", LIST))
    written(tmp_path / "grants.toml", broken)
    with caplog.at_level(logging.ERROR):
        assert [file().of("ada@brook.edu") is not None for _ in range(3)] == [True] * 3
    assert len(caplog.records) == 1
    assert "former list stands" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "[logins",
        '[logins.ada]\nrole = "root"\n',
        '[logins.ada]\nrole = "university_admin"\n',
        '[logins.ada]\nrole = "analyst"\nuniversity = "X"\n',
        '[people.ada]\nrole = "analyst"\n',
        f'[logins.ada]\nrole = "analyst"\npassword = "{make_hash("mavprep")}"\n',
    ],
)
def test_a_malformed_or_unsafe_file_is_refused_at_the_start_without_its_hashes(
    text: str, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured) as refused:
        GrantsFile(written(tmp_path / "grants.toml", text))
    assert "pbkdf2" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"gone\.toml"):
        GrantsFile(tmp_path / "gone.toml")


def test_two_lists_at_once_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "grants.toml", LIST)
    given = {"dashboard_grants_file": path, "dashboard_users": "{}"}
    with pytest.raises(Misconfigured, match="both set"):
        Access(Settings.model_validate(given), "127.0.0.1")


def test_nobody_is_listed_by_default() -> None:
    assert Grants().of("anyone", ["staff"]) is None
