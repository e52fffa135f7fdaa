"""Who runs a server process: PostgreSQL refuses uid 0, so root hands it to an account without rights.

No account is made and no folder of anyone is opened: what that account cannot reach is placed elsewhere.
"""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mavprep_analytics.errors import Misconfigured

_UNPRIVILEGED = "nobody"
_ROOT = 0


@dataclass(frozen=True)
class ServerUser:
    """The account of a server process; null ids mean the account of this process."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self,
        command: Sequence[str | Path],
        *,
        given: str | None = None,
        environment: Mapping[str, str] | None = None,
        log: int = subprocess.PIPE,
        keep_open: Sequence[int] = (),
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end as this user, in `/`, in its own session.

        Args:
            command: program and arguments.
            given: text for its standard input; null gives an empty one.
            environment: its whole environment; null gives a minimal one.
            log: descriptor of its standard error; by default it is captured.
            keep_open: descriptors that the command inherits.
        """
        return subprocess.run(
            [str(part) for part in command],
            input=given or "",
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            errors="replace",
            check=False,
            cwd="/",
            env=minimal_environment() if environment is None else dict(environment),
            pass_fds=keep_open,
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def can(self, permission: str, path: Path) -> bool:
        """Tell whether this user may read (`r`), write (`w`) or enter (`x`) a path, parents included."""
        return self.run(["/bin/sh", "-c", f'test -{permission} "$1"', "sh", path]).returncode == 0

    def own(self, folder: Path) -> None:
        """Make a folder of ours this user's, closed to everyone else."""
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def minimal_environment() -> dict[str, str]:
    """The environment of a server: no PG* variables, no locale, no time zone of the caller."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def server_user(data: Path) -> ServerUser:
    """Choose the account of a database server: this one or, for root, the owner of its data, else `nobody`.

    Raises:
        Misconfigured: root runs this on a system without that account.
    """
    if os.geteuid() != _ROOT:
        return ServerUser()
    if data.is_dir() and (owner := data.stat()).st_uid != _ROOT:
        return ServerUser(owner.st_uid, owner.st_gid)
    try:
        account = pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        raise Misconfigured(
            f"PostgreSQL refuses to run as root and this system has no account {_UNPRIVILEGED}",
            "Run as an ordinary user, or name a server in MAVPREP_POSTGRES_URL",
        ) from None
    return ServerUser(account.pw_uid, account.pw_gid)
