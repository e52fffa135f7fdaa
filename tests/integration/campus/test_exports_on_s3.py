"""Exports written to a bucket over HTTP."""

import hashlib
import json
from base64 import b64encode
from datetime import UTC, datetime

import boto3

from mavprep_analytics.campus.destinations import open_destination
from mavprep_analytics.campus.export_writer import write_full_export


def test_an_export_in_a_bucket_has_every_listed_object_with_its_digests(bucket: str) -> None:
    destination = open_destination(f"s3://{bucket}/mavprep/users/")
    items = [{"PK": f"USER#{n}", "SK": "PROFILE"} for n in range(30)]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    written = write_full_export(destination, "MavPrep-Users", items, moment)
    client = boto3.session.Session().client("s3")

    def read(key: str) -> bytes:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read()

    summary = json.loads(read(written.summary_key))
    assert (summary["s3Bucket"], summary["s3Prefix"]) == (bucket, "mavprep/users")
    assert written.summary_key.startswith("mavprep/users/AWSDynamoDB/0")
    files = [json.loads(line) for line in read(summary["manifestFilesS3Key"]).splitlines()]
    for file in files:
        digest = hashlib.md5(read(file["dataFileS3Key"])).digest()
        assert b64encode(digest).decode() == file["md5Checksum"]
    assert sum(file["itemCount"] for file in files) == summary["itemCount"] == 30
