"""What is read from the files of a cluster, whole or damaged."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.embedded.cluster import (
    Access,
    Cluster,
    Noted,
    decisive_line,
    new_password,
    parse_access,
    parse_noted,
    settle,
    url,
)
from mavprep_analytics.embedded.server_user import ServerUser

_READY = "4711\n/home/a b/data\n1795375818\n5433\n\n127.0.0.1\n  123 4\nready   \n"


def test_the_note_of_a_ready_server_gives_process_and_port() -> None:
    assert parse_noted(_READY) == Noted(pid=4711, port=5433, is_ready=True)


def test_a_starting_server_is_not_ready() -> None:
    assert parse_noted(_READY.replace("ready   ", "starting")) == Noted(4711, 5433, is_ready=False)


@pytest.mark.parametrize("length", range(len("4711\n/home/a b/data\n1795375818\n")))
def test_a_note_cut_short_before_the_port_is_no_note(length: int) -> None:
    assert parse_noted(_READY[:length]) is None


@given(st.text())
def test_any_text_is_a_note_or_none_and_never_an_error(text: str) -> None:
    noted = parse_noted(text)
    assert noted is None or noted.pid >= 0


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"password": "x"}',
        '{"password": "", "port": 1}',
        '{"password": "x", "port": "1"}',
        '{"password": "x", "port": 2, "more": 3}',
    ],
)
def test_a_damaged_access_file_is_lost_access(damaged: str) -> None:
    assert parse_access(damaged) is None


def test_access_survives_the_disk_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    cluster.keep(Access("first", 1))
    cluster.keep(Access("secret", 5433))
    assert cluster.access() == Access("secret", 5433)
    assert (tmp_path / "access.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["access.json"]


def test_a_cluster_never_started_has_neither_access_nor_note_nor_version(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    assert (cluster.access(), cluster.noted(), cluster.version()) == (None, None, None)


def test_a_password_needs_no_quoting_in_the_url() -> None:
    password = new_password()
    assert len(password) >= 32
    assert set(password) <= set("-_") | {c for c in map(chr, range(128)) if c.isalnum()}
    assert (
        url(Access(password, 1), 5433) == f"postgresql://mavprep:{password}@127.0.0.1:5433/mavprep"
    )


def test_the_decisive_line_of_a_log_is_the_first_grave_one_without_its_stamp() -> None:
    log = [
        "2026-11-22 19:27:00.224 UTC [8657] LOG:  starting",
        '2026-11-22 19:27:00.224 UTC [8657] FATAL:  lock file "postmaster.pid" already exists.',
        "2026-11-22 19:27:00.224 UTC [8657] HINT:  Is another postmaster running?",
    ]
    assert decisive_line(log) == 'lock file "postmaster.pid" already exists'


def test_a_silent_program_is_said_to_be_silent() -> None:
    assert decisive_line(["", "  "]) == "it said nothing"


def test_a_link_to_a_folder_that_is_gone_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")
    cluster = settle(tmp_path, ServerUser())
    assert cluster.folder == tmp_path / "postgres"
    assert cluster.folder.is_dir()
    assert not cluster.folder.is_symlink()
