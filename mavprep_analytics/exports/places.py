"""Where exports lie: a folder or an S3 prefix, with listing by level, small reads and verified fetches.

Only this module of `exports` does I/O on the exports' store. Keys are relative to the URL and use `/`.
"""

import hashlib
import random
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from mavprep_analytics.errors import Misconfigured, Temporary

_CHUNK = 1 << 20
_ATTEMPTS = 5
_LONGEST_PAUSE_SECONDS = 60


class Place(Protocol):
    """Objects below an exports URL."""

    def children(self, folder: str) -> tuple[list[str], list[str]]:
        """Return the names of the folders and of the objects directly below a folder (`""` or `…/`)."""

    def read(self, key: str, limit: int) -> bytes | None:
        """Return at most `limit` + 1 bytes of an object; None: there is none."""

    def chunks(self, key: str) -> Iterator[bytes] | None:
        """Return the object's bytes in pieces; None: there is none."""


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

    def chunks(self, key: str) -> Iterator[bytes] | None:
        """See Place."""
        path = self._root / key
        return self._pieces(path) if path.is_file() else None

    @staticmethod
    def _pieces(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece


class S3Place:
    """An S3 prefix."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._bucket, prefix = parts.netloc, parts.path.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        retries: Any = {"mode": "standard"}
        self._client = boto3.client(
            "s3", config=Config(retries=retries, connect_timeout=5, read_timeout=30)
        )

    def children(self, folder: str) -> tuple[list[str], list[str]]:
        """See Place."""
        start = self._prefix + folder
        folders, objects = [], []
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=start, Delimiter="/"
        )
        try:
            for page in pages:
                folders += [p["Prefix"][len(start) : -1] for p in page.get("CommonPrefixes", [])]
                objects += [o["Key"][len(start) :] for o in page.get("Contents", [])]
        except (ClientError, BotoCoreError) as error:
            raise self._explain(error) from error
        return folders, [name for name in objects if name]

    def read(self, key: str, limit: int) -> bytes | None:
        """See Place."""
        body = self._open(key)
        try:
            return None if body is None else bytes(body.read(limit + 1))
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise self._explain(error) from error

    def chunks(self, key: str) -> Iterator[bytes] | None:
        """See Place."""
        body = self._open(key)
        return None if body is None else self._pieces(body)

    def _pieces(self, body: Any) -> Iterator[bytes]:
        try:
            yield from body.iter_chunks(_CHUNK)
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise self._explain(error) from error

    def _open(self, key: str) -> Any:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                return None
            raise self._explain(error) from error
        except BotoCoreError as error:
            raise self._explain(error) from error

    def _explain(self, error: Exception) -> Misconfigured | Temporary:
        place = f"the exports at s3://{self._bucket}/{self._prefix}"
        code = type(error).__name__
        status = 0
        if isinstance(error, ClientError):
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            code = error.response.get("Error", {}).get("Code", code)
        if code in _PERMANENT or status == 403:
            return Misconfigured(
                f"{place} cannot be read ({code})", "Check MAVPREP_EXPORTS_URL and its permissions"
            )
        return Temporary(f"{place} did not answer ({code})", "Run again")


_PERMANENT = (
    "NoSuchBucket",
    "AccessDenied",
    "403",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "NoCredentialsError",
    "PartialCredentialsError",
    "NoRegionError",
)


def open_place(url: str) -> Place:
    """Return the place at `s3://bucket/prefix` or a folder path.

    Raises:
        Misconfigured: the URL is neither, or the folder does not exist.
    """
    if url.startswith("s3://"):
        return S3Place(url)
    if "://" in url:
        raise Misconfigured(
            f"MAVPREP_EXPORTS_URL {url} is neither a folder nor s3://…", "Correct it"
        )
    return FolderPlace(Path(url))


def fetch(
    place: Place, key: str, target: Path, *, pause: Callable[[float], None] = time.sleep
) -> str | None:
    """Copy an object to a private local file and return its md5 (base64); None: there is no such object.

    A body that breaks off is fetched again, as the SDK does not do that by itself.

    Raises:
        Temporary: it broke off five times.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return _copy(place.chunks(key), target)
        except Temporary:
            if attempt == _ATTEMPTS - 1:
                raise
            pause(random.uniform(0, min(_LONGEST_PAUSE_SECONDS, 2**attempt)))  # noqa: S311 - jitter, no secret
    raise AssertionError  # the last attempt returns or raises


def _copy(pieces: Iterator[bytes] | None, target: Path) -> str | None:
    if pieces is None:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    with target.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return b64encode(digest.digest()).decode()
