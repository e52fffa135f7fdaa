"""Where lake objects lie: a folder or an S3 prefix, with the four operations that the lake needs.

Only this module of the lake does I/O on the store. A key is a relative path with `/`.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from mavprep_analytics.errors import Misconfigured


class Store(Protocol):
    """Objects by key."""

    def read(self, key: str) -> bytes | None:
        """Return the object, or None when there is none."""

    def put_if_absent(self, key: str, body: bytes) -> bool:
        """Write the object unless the key exists; return whether it was written."""

    def upload(self, key: str, path: Path) -> None:
        """Move a local file to the key, replacing equal content."""

    def local_copy(self, key: str, cache: Path) -> Path | None:
        """Return a local path with the object's bytes, or None when there is no such object."""

    def keys(self, prefix: str) -> list[str]:
        """Return all keys that start with the prefix, sorted."""

    def written_at(self, prefix: str) -> dict[str, datetime]:
        """Return all keys that start with the prefix, with the instant (UTC) of their last write."""

    def delete(self, key: str) -> None:
        """Remove the object; absent is fine."""


class FolderStore:
    """A local folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, key: str) -> bytes | None:
        """See Store."""
        path = self._root / key
        return path.read_bytes() if path.is_file() else None

    def put_if_absent(self, key: str, body: bytes) -> bool:
        """Write a temporary file and link it: the link fails when the name exists."""
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
            try:
                os.link(file.name, path)
            except FileExistsError:
                return False
        return True

    def upload(self, key: str, path: Path) -> None:
        """Move the file in under a temporary name first, so that the key never holds half a file."""
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.move(path, temporary)
        temporary.replace(target)

    def local_copy(self, key: str, cache: Path) -> Path | None:  # noqa: ARG002 - the folder is local
        """See Store."""
        path = self._root / key
        return path if path.is_file() else None

    def keys(self, prefix: str) -> list[str]:
        """See Store; temporary files (leading dot) are not objects."""
        folder = self._root / prefix
        if not folder.is_dir():
            return []
        found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
        return sorted(p.relative_to(self._root).as_posix() for p in found)

    def written_at(self, prefix: str) -> dict[str, datetime]:
        """See Store."""
        times = {key: (self._root / key).stat().st_mtime for key in self.keys(prefix)}
        return {key: datetime.fromtimestamp(seconds, UTC) for key, seconds in times.items()}

    def delete(self, key: str) -> None:
        """See Store."""
        (self._root / key).unlink(missing_ok=True)


def open_store(url: str) -> Store:
    """Return the store at `s3://bucket/prefix` or a folder path."""
    if url.startswith("s3://"):
        from mavprep_analytics.lake.s3_store import S3Store  # noqa: PLC0415 - boto3 takes 26 MB

        return S3Store(url)
    if "://" in url:
        raise Misconfigured(f"MAVPREP_LAKE_URL {url} is neither a folder nor s3://…", "Correct it")
    return FolderStore(Path(url))
