"""Where exports are put: a folder that stands for a bucket, or an S3 bucket.

Here: writing one object. Not here: what the objects hold (`export_writer`).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mavprep_analytics.errors import Misconfigured

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Destination(Protocol):
    """A bucket as the export writer sees it; keys are relative to the bucket."""

    @property
    def bucket(self) -> str:
        """Bucket name for the manifests."""

    @property
    def prefix(self) -> str | None:
        """Prefix without slashes at its ends; None when the exports lie at the bucket's root."""

    def put_bytes(self, key: str, content: bytes) -> None:
        """Write a small object."""

    def put_file(self, key: str, path: Path) -> None:
        """Write an object from a local file and remove that file."""


@dataclass(frozen=True)
class LocalFolder:
    """A folder that stands for a bucket; `<folder>/<prefix>` is a valid exports URL."""

    folder: Path
    prefix: str | None = None
    bucket: str = "mavprep-campus"

    def put_bytes(self, key: str, content: bytes) -> None:
        """Write a small object."""
        self._path(key).write_bytes(content)

    def put_file(self, key: str, path: Path) -> None:
        """Move a local file to its place."""
        shutil.move(path, self._path(key))

    def _path(self, key: str) -> Path:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


@dataclass(frozen=True)
class S3Bucket:
    """A bucket behind boto3; endpoint and credentials are the SDK's own settings."""

    client: "S3Client"
    bucket: str
    prefix: str | None = None

    def put_bytes(self, key: str, content: bytes) -> None:
        """Write a small object."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)

    def put_file(self, key: str, path: Path) -> None:
        """Upload a local file and remove it."""
        with path.open("rb") as content:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content)
        path.unlink()


def open_destination(url: str) -> Destination:
    """Return the destination of `s3://bucket/prefix` or of a folder.

    Raises:
        Misconfigured: the URL names no bucket.
    """
    if not url.startswith("s3://"):
        return LocalFolder(Path(url))
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    if not bucket:
        raise Misconfigured(f"{url} names no bucket", "Write it as s3://bucket/prefix")
    import boto3  # noqa: PLC0415 - half a second that local campuses need not pay

    return S3Bucket(boto3.client("s3"), bucket, prefix.strip("/") or None)
