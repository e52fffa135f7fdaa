"""Where lake objects lie: a folder or an S3 prefix, with the four operations that the lake needs.

Only this module of the lake does I/O on the store. A key is a relative path with `/`.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mavprep_analytics.errors import Misconfigured, Temporary

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary = Path(file.name)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
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


class S3Store:
    """An S3 prefix. Conditional puts are made in ONE attempt; the lake settles unknown outcomes."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._client = _client(attempts=3)
        self._once = _client(attempts=1)

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def read(self, key: str) -> bytes | None:
        """See Store."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(key))
            return bytes(answer["Body"].read())
        except ClientError as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise self._explain(error) from error
        except BotoCoreError as error:
            raise self._explain(error) from error

    def put_if_absent(self, key: str, body: bytes) -> bool:
        """See Store."""
        try:
            self._once.put_object(
                Bucket=self._bucket, Key=self._key(key), Body=body, IfNoneMatch="*"
            )
        except ClientError as error:
            if _code(error) in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
                return False
            raise self._explain(error) from error
        except BotoCoreError as error:
            raise self._explain(error) from error
        return True

    def upload(self, key: str, path: Path) -> None:
        """See Store; large files go in parts, visible only when complete."""
        try:
            self._client.upload_file(str(path), self._bucket, self._key(key))
        except (ClientError, BotoCoreError) as error:
            raise self._explain(error) from error
        path.unlink()

    def local_copy(self, key: str, cache: Path) -> Path | None:
        """Download once into the cache; content-addressed keys never change."""
        target = cache / key
        if target.is_file():
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            self._client.download_file(self._bucket, self._key(key), str(temporary))
        except ClientError as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise self._explain(error) from error
        except BotoCoreError as error:
            raise self._explain(error) from error
        temporary.replace(target)
        return target

    def keys(self, prefix: str) -> list[str]:
        """See Store."""
        return sorted(self.written_at(prefix))

    def written_at(self, prefix: str) -> dict[str, datetime]:
        """See Store."""
        start = len(self._prefix) + 1 if self._prefix else 0
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._key(prefix)
        )
        try:
            return {
                item["Key"][start:]: item["LastModified"]
                for page in pages
                for item in page.get("Contents", [])
            }
        except (ClientError, BotoCoreError) as error:
            raise self._explain(error) from error

    def delete(self, key: str) -> None:
        """See Store."""
        self._client.delete_object(Bucket=self._bucket, Key=self._key(key))

    def _explain(self, error: Exception) -> Misconfigured | Temporary:
        place = f"the lake s3://{self._bucket}/{self._prefix}"
        code = _code(error) if isinstance(error, ClientError) else type(error).__name__
        if code in (
            "NoSuchBucket",
            "AccessDenied",
            "403",
            "InvalidAccessKeyId",
            "NoCredentialsError",
        ):
            return Misconfigured(
                f"{place} cannot be used ({code})", "Check MAVPREP_LAKE_URL and its permissions"
            )
        return Temporary(f"{place} did not answer ({code})", "Run again")


def _client(attempts: int) -> "S3Client":
    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    return boto3.client("s3", config=Config(retries=retries, connect_timeout=5, read_timeout=30))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def open_store(url: str) -> Store:
    """Return the store at `s3://bucket/prefix` or a folder path."""
    if url.startswith("s3://"):
        return S3Store(url)
    if "://" in url:
        raise Misconfigured(f"MAVPREP_LAKE_URL {url} is neither a folder nor s3://…", "Correct it")
    return FolderStore(Path(url))
