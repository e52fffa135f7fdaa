"""Exports in S3; see `places`."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.exports.places import CHUNK_BYTES


class S3Place:
    """An S3 prefix.

    Args:
        url: of the prefix.
        owner: the AWS account that must own the bucket; "": any.
    """

    def __init__(self, url: str, owner: str = "") -> None:
        self._owner: Any = {"ExpectedBucketOwner": owner} if owner else {}
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
            Bucket=self._bucket, Prefix=start, Delimiter="/", **self._owner
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
        answer = self._open(key)
        try:
            return None if answer is None else bytes(answer["Body"].read(limit + 1))
        except (BotoCoreError, HTTPError, OSError) as error:
            raise self._explain(error) from error

    def chunks(self, key: str) -> tuple[int, Iterator[bytes]] | None:
        """See Place."""
        answer = self._open(key)
        if answer is None:
            return None
        return answer["ContentLength"], self._pieces(answer["Body"], answer["ContentLength"])

    def _pieces(self, body: Any, size: int) -> Iterator[bytes]:
        """Yield what has arrived, however little: a slow body must not hold a read for ever."""
        try:
            while piece := body._raw_stream.read1(CHUNK_BYTES):
                size -= len(piece)
                yield piece
        except (BotoCoreError, HTTPError, OSError) as error:
            raise self._explain(error) from error
        if size:
            raise self._explain(EOFError())

    def _open(self, key: str) -> Any:
        try:
            return self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + key, **self._owner
            )
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
