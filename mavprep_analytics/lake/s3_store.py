"""Lake objects under an S3 prefix; see `stores.Store`. Imported only for a lake in S3."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mavprep_analytics.errors import Misconfigured, Temporary

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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
