"""The demo's services and their settings: embedded Postgres and AWS endpoints below one home folder."""

import os
from pathlib import Path

import boto3

from mavprep_analytics.embedded import aws, postgres
from mavprep_analytics.settings import Settings, load_settings

BUCKET = "mavprep-demo"


def start_services(settings: Settings) -> Settings:
    """Start what is not running, point this process at it, and return the demo's settings.

    The demo never touches a configured database, bucket or lake: everything lies below its home.
    """
    home = settings.home.resolve()
    endpoint = aws.ensure_running(home)
    os.environ.update(aws.environment(endpoint))
    os.environ["MAVPREP_HOME"] = str(home)
    os.environ["MAVPREP_EXPORTS_URL"] = f"s3://{BUCKET}/exports"
    os.environ["MAVPREP_LAKE_URL"] = str(home / "lake")
    os.environ["MAVPREP_POSTGRES_URL"] = postgres.ensure_running(home, durable=False)
    os.environ["MAVPREP_DYNAMODB_WRITEBACK"] = "on"
    os.environ["MAVPREP_EMAIL_BACKEND"] = "file"
    os.environ["MAVPREP_REPORTS_DIR"] = str(home / "reports")
    return load_settings()


def stop_services(home: Path) -> None:
    """Stop the servers of this home; Postgres keeps its data, the AWS endpoints are filled anew."""
    aws.stop(home)
    postgres.EmbeddedPostgres(home).stop()


def upload_exports(campus: Path) -> int:
    """Copy the campus's exports into the bucket, and return how many objects were missing there."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="exports/")
    there = {item["Key"] for page in pages for item in page.get("Contents", [])}
    missing = [
        (path, key)
        for path in sorted((campus / "AWSDynamoDB").rglob("*"))
        if path.is_file() and (key := f"exports/{path.relative_to(campus).as_posix()}") not in there
    ]
    for path, key in missing:
        client.upload_file(str(path), BUCKET, key)
    return len(missing)
