"""Makes the cluster of an embedded PostgreSQL, or regains one whose password is lost; no server runs meanwhile.

Statements go through PostgreSQL's single-user mode, which asks for no password: from its first start on,
a server takes nobody without one.
"""

import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from mavprep_analytics.embedded.cluster import (
    ADDRESS,
    NAME,
    Access,
    Cluster,
    decisive_line,
    new_password,
)
from mavprep_analytics.embedded.server_user import ServerUser
from mavprep_analytics.errors import Misconfigured, Temporary

FRAGILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings that save time and lose data when the machine crashes."""

_ONLY_WITH_PASSWORD = f"host all all {ADDRESS}/32 scram-sha-256\n"


def prepare(
    cluster: Cluster, binaries: Path, user: ServerUser, lock: int, *, durable: bool
) -> Access:
    """Have a cluster with the database `mavprep` and a password that we know; return how to reach it.

    Args:
        cluster: where it lies.
        binaries: folder of PostgreSQL's programs.
        user: who runs them.
        lock: descriptor of the home's lock, which initdb keeps: if this process is killed, the next start
            waits until that initdb is done, and clears up after it.
        durable: whether commits survive a crash of the machine.

    Raises:
        Misconfigured: PostgreSQL's programs failed, with what they said.
        Temporary: no port is free.
    """
    access = cluster.access()
    if access and cluster.version():
        return access
    access = Access(new_password(), free_port())
    if cluster.version() is None:
        _create(cluster, binaries, user, access, lock, durable=durable)
    else:
        _administer(binaries, user, cluster.data, [_set_password(access)], durable=durable)
        cluster.keep(access)
    return access


def setting_options(settings: Mapping[str, str]) -> list[str]:
    """Settings as arguments of the program `postgres`."""
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on at this moment.

    Raises:
        Temporary: there is none.
    """
    try:
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise Temporary(
            f"no port of {ADDRESS} can be bound ({error.strerror})",
            "Check the loopback interface, or name a server in MAVPREP_POSTGRES_URL",
        ) from None


def _create(
    cluster: Cluster,
    binaries: Path,
    user: ServerUser,
    access: Access,
    lock: int,
    *,
    durable: bool,
) -> None:
    """Run initdb beside the final place, so that an interrupted one leaves no half a cluster."""
    for abandoned in cluster.folder.glob("data.new-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    partial = Path(mkdtemp(prefix="data.new-", dir=cluster.folder))
    user.own(partial)
    options = ["--auth=trust", "--locale=C", "--encoding=UTF8", "--no-instructions"]
    hasty = [] if durable else ["--no-sync"]
    command: list[str | Path] = [binaries / "initdb", "-D", partial, "-U", NAME, *options, *hasty]
    made = user.run(command, keep_open=[lock])
    if made.returncode != 0:
        raise Misconfigured(
            f"initdb could not make a cluster in {partial}: {_why(made.stderr)}",
            "Mend that, or name a server in MAVPREP_POSTGRES_URL",
        )
    (partial / "pg_hba.conf").write_text(_ONLY_WITH_PASSWORD)
    statements = [_set_password(access), f"create database {NAME}"]
    _administer(binaries, user, partial, statements, durable=durable)
    cluster.keep(access)
    partial.rename(cluster.data)


def _administer(
    binaries: Path, user: ServerUser, data: Path, statements: list[str], *, durable: bool
) -> None:
    given = "".join(f"{statement};\n" for statement in statements)
    options = setting_options({} if durable else FRAGILE)
    command = [str(binaries / "postgres"), "--single", "-D", str(data), *options, "postgres"]
    done = user.run(command, given=given)
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise Misconfigured(
            f"the embedded PostgreSQL in {data} could not be set up: {_why(done.stderr)}",
            "Mend that, or name a server in MAVPREP_POSTGRES_URL",
        )


def _set_password(access: Access) -> str:
    return f"alter role {NAME} password '{access.password}'"


def _why(output: str) -> str:
    return decisive_line(output.splitlines())
