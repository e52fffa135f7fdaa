"""The files of one embedded PostgreSQL: its folder, data, password, and what the server notes about itself.

```
<home>/postgres/            a link to a folder of /var/lib/mavprep-analytics where the server's account
  access.json               cannot reach <home>; password and the port to ask for again (ours alone)
  data/                     the cluster; belongs to the server's account
  running.lock              held by the server while it lives
  server.log                of the last start
```
"""

import json
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from mavprep_analytics.embedded.binaries import open_folder
from mavprep_analytics.embedded.server_user import ServerUser
from mavprep_analytics.errors import Misconfigured

NAME = "mavprep"
"""Of the database and of its owner."""

ADDRESS = "127.0.0.1"
"""The only one that an embedded server listens on."""


@dataclass(frozen=True)
class Access:
    """What a client needs beside the address: the owner's password, and the port of the last start."""

    password: str
    port: int


@dataclass(frozen=True)
class Noted:
    """What a server writes into `postmaster.pid`: its process, its port, and whether it takes queries."""

    pid: int
    port: int
    is_ready: bool


def parse_noted(text: str) -> Noted | None:
    """Read a `postmaster.pid`; null if it is not written completely or is something else.

    Its lines are pid, data folder, start, port, socket folder, address, shared memory, status
    (PostgreSQL's `src/include/utils/pidfile.h`).
    """
    lines = [line.strip() for line in text.splitlines()]
    if len(lines) < 4 or not (lines[0].isdecimal() and lines[3].isdecimal()):
        return None
    return Noted(int(lines[0]), int(lines[3]), len(lines) > 7 and lines[7] == "ready")


def parse_access(text: str) -> Access | None:
    """Read an `access.json`; null if it is damaged."""
    try:
        fields = json.loads(text)
        access = Access(**fields)
    except (ValueError, TypeError):
        return None
    whole = isinstance(access.password, str) and access.password and isinstance(access.port, int)
    return access if whole else None


def url(access: Access, port: int) -> str:
    """The address for psycopg and SQLAlchemy; the password's letters need no quoting."""
    return f"postgresql://{NAME}:{access.password}@{ADDRESS}:{port}/{NAME}"


def new_password() -> str:
    """Make a password of letters, digits, `-` and `_`: safe in URLs and in SQL."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Cluster:
    """The folder of one cluster."""

    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def lock(self) -> Path:
        """Held by the server while it lives."""
        return self.folder / "running.lock"

    @property
    def log(self) -> Path:
        """The server's messages since its last start."""
        return self.folder / "server.log"

    def version(self) -> str | None:
        """Major version of the data; null if there are none."""
        mark = self.data / "PG_VERSION"
        return mark.read_text().strip() if mark.is_file() else None

    def noted(self) -> Noted | None:
        """What the server, or the one killed last, wrote about itself."""
        mark = self.data / "postmaster.pid"
        try:
            return parse_noted(mark.read_text())
        except FileNotFoundError:
            return None

    def forget_server(self) -> None:
        """Remove what a killed server noted; its process number may be another program's by now."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def access(self) -> Access | None:
        """Password and last port; null if they are lost.

        Raises:
            Misconfigured: the file belongs to another user.
        """
        mark = self.folder / "access.json"
        try:
            return parse_access(mark.read_text())
        except FileNotFoundError:
            return None
        except PermissionError:
            raise Misconfigured(
                f"{mark} belongs to another user",
                "Run as that user, or choose another folder in MAVPREP_HOME",
            ) from None

    def keep(self, access: Access) -> None:
        """Write password and port all at once, readable only by whoever owns the cluster."""
        partial = self.folder / "access.json.new"
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        if os.geteuid() == 0:
            os.chown(partial, self.folder.stat().st_uid, self.folder.stat().st_gid)
        partial.write_text(json.dumps(asdict(access)))
        partial.replace(self.folder / "access.json")

    def complaint(self) -> str:
        """The first thing the server gave up over, else its last line."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.is_file() else []
        return decisive_line(lines)


def decisive_line(lines: list[str]) -> str:
    """Pick the line that says why a program of PostgreSQL gave up, without its time stamp."""
    told = [line for line in lines if line.strip()] or ["it said nothing"]
    grave = [line for line in told if re.search(r"\b(FATAL|PANIC|could not|error):? ", line)]
    return re.sub(r"^.*?(FATAL|PANIC|LOG): +", "", (grave or told[-1:])[0]).strip().rstrip(".")


def settle(home: Path, user: ServerUser) -> Cluster:
    """Find or make the cluster's folder: `<home>/postgres`, where the server's account can reach it.

    Raises:
        Misconfigured: no such folder can be made.
    """
    folder = home / "postgres"
    if folder.is_symlink() and not folder.exists():
        folder.unlink()
    folder.mkdir(mode=0o755, exist_ok=True)
    if not folder.is_symlink() and not (folder / "data").exists() and not user.can("x", folder):
        folder.chmod(0o755)
        if not user.can("x", folder):
            shutil.rmtree(folder)
            folder.symlink_to(open_folder("postgres"), target_is_directory=True)
    return Cluster(folder.resolve())
