"""Where exports lie: a folder or an S3 prefix, with listing by level, small reads and verified fetches.

Only this module of `exports` does I/O on the exports' store. Keys are relative to the URL and use `/`.
"""

import hashlib
import random
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from mavprep_analytics.errors import Misconfigured, Temporary

CHUNK_BYTES = 1 << 20
_ATTEMPTS = 5
_LONGEST_PAUSE_SECONDS = 60
_DEADLINE_SECONDS = 120
_SLOWEST_BYTES_A_SECOND = 256 << 10


class Place(Protocol):
    """Objects below an exports URL."""

    def children(self, folder: str) -> tuple[list[str], list[str]]:
        """Return the names of the folders and of the objects directly below a folder (`""` or `…/`)."""

    def read(self, key: str, limit: int) -> bytes | None:
        """Return at most `limit` + 1 bytes of an object; None: there is none."""

    def chunks(self, key: str) -> tuple[int, Iterator[bytes]] | None:
        """Return the object's size and its bytes in pieces; None: there is none."""


class FolderPlace:
    """A local folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        if not root.is_dir():
            raise Misconfigured(
                f"the exports folder {root} does not exist", "Correct MAVPREP_EXPORTS_URL"
            )

    def children(self, folder: str) -> tuple[list[str], list[str]]:
        """See Place."""
        path = self._root / folder
        if not path.is_dir():
            return [], []
        entries = sorted(path.iterdir())
        return (
            [entry.name for entry in entries if entry.is_dir()],
            [entry.name for entry in entries if entry.is_file()],
        )

    def read(self, key: str, limit: int) -> bytes | None:
        """See Place."""
        path = self._root / key
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(limit + 1)

    def chunks(self, key: str) -> tuple[int, Iterator[bytes]] | None:
        """See Place."""
        path = self._root / key
        return (path.stat().st_size, self._pieces(path)) if path.is_file() else None

    @staticmethod
    def _pieces(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def open_place(url: str, owner: str = "") -> Place:
    """Return the place at `s3://bucket/prefix` or a folder path.

    Args:
        url: the place.
        owner: the AWS account that must own the bucket; "": any.

    Raises:
        Misconfigured: the URL is neither, or the folder does not exist.
    """
    if url.startswith("s3://"):
        from mavprep_analytics.exports.s3_place import S3Place  # noqa: PLC0415 - boto3 takes 26 MB

        return S3Place(url, owner)
    if "://" in url:
        raise Misconfigured(
            f"MAVPREP_EXPORTS_URL {url} is neither a folder nor s3://…", "Correct it"
        )
    return FolderPlace(Path(url))


def fetch(
    place: Place,
    key: str,
    target: Path,
    *,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> str | None:
    """Copy an object to a private local file and return its md5 (base64); None: there is no such object.

    A body that breaks off is fetched again, as the SDK does not do that by itself.

    Raises:
        Temporary: it broke off five times, or all of it took longer than 120 s and 256 KiB a second allow.
    """
    started = clock()
    for attempt in range(_ATTEMPTS):
        try:
            found = place.chunks(key)
            return None if found is None else _copy(key, *found, target, lambda: clock() - started)
        except _TooSlow:
            raise
        except Temporary:
            if attempt == _ATTEMPTS - 1:
                raise
            pause(random.uniform(0, min(_LONGEST_PAUSE_SECONDS, 2**attempt)))  # noqa: S311 - jitter, no secret
    raise AssertionError  # the last attempt returns or raises


class _TooSlow(Temporary):
    """A body came so slowly that trying it again would not help now."""


def _copy(
    key: str, size: int, pieces: Iterator[bytes], target: Path, elapsed: Callable[[], float]
) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    longest = max(_DEADLINE_SECONDS, size / _SLOWEST_BYTES_A_SECOND)
    with target.open("wb") as file:
        for piece in pieces:
            if elapsed() > longest:
                raise _TooSlow(f"{key} did not arrive within {longest:.0f} s", "Run again")
            digest.update(piece)
            file.write(piece)
    return b64encode(digest.digest()).decode()
