"""Puts a campus's REPUTATION items into a DynamoDB endpoint, so that ranks can be written back to them.

Here: making the table and loading it from the exported items. Not here: writing ranks.
"""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mavprep_analytics.campus.table_exports import REPUTATION
from mavprep_analytics.errors import Misconfigured, Temporary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MOST_PER_BATCH = 25
_MOST_TRIES = 10


def load_reputation_items(client: "DynamoDBClient", folder: Path) -> int:
    """Make the Reputation table if need be and put every exported item into it.

    Args:
        client: of the endpoint; a demo's, as existing items are replaced.
        folder: of a campus; its newest full export of the table is read.

    Returns:
        Items written; 0 when the table held as many already, which keeps the ranks written since.

    Raises:
        Misconfigured: the folder holds no such export.
        Temporary: the endpoint keeps refusing items.
    """
    summary = _newest_full_export(folder)
    _make_table(client)
    if _count(client) == summary["itemCount"]:
        return 0
    items = _items(folder, str(summary["manifestFilesS3Key"]))
    written = 0
    while batch := list(islice(items, _MOST_PER_BATCH)):
        _put(client, batch)
        written += len(batch)
    return written


def _newest_full_export(folder: Path) -> dict[str, Any]:
    found = []
    for path in folder.glob("AWSDynamoDB/*/manifest-summary.json"):
        summary = json.loads(path.read_text(encoding="utf-8"))
        if summary["tableArn"].endswith(f"/{REPUTATION}") and "exportTime" in summary:
            found.append(summary)
    if not found:
        raise Misconfigured(
            f"{folder} has no full export of {REPUTATION}", "Name a folder that simulate made"
        )
    newest: dict[str, Any] = max(found, key=lambda summary: str(summary["exportTime"]))
    return newest


def _items(folder: Path, files_key: str) -> Iterator[dict[str, Any]]:
    for line in (folder / files_key).read_text(encoding="utf-8").splitlines():
        with gzip.open(folder / json.loads(line)["dataFileS3Key"]) as file:
            for record in file:
                yield json.loads(record)["Item"]


def _make_table(client: "DynamoDBClient") -> None:
    try:
        client.create_table(
            TableName=REPUTATION,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "PK", "AttributeType": "S"},
                {"AttributeName": "SK", "AttributeType": "S"},
            ],
            KeySchema=[
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
        )
    except client.exceptions.ResourceInUseException:
        return
    client.get_waiter("table_exists").wait(TableName=REPUTATION, WaiterConfig={"Delay": 1})


def _count(client: "DynamoDBClient") -> int:
    pages = client.get_paginator("scan").paginate(TableName=REPUTATION, Select="COUNT")
    return sum(page["Count"] for page in pages)


def _put(client: "DynamoDBClient", batch: list[dict[str, Any]]) -> None:
    waiting: Any = {REPUTATION: [{"PutRequest": {"Item": item}} for item in batch]}
    for _ in range(_MOST_TRIES):
        waiting = client.batch_write_item(RequestItems=waiting)["UnprocessedItems"]
        if not waiting:
            return
    raise Temporary(f"{REPUTATION} took no more items after {_MOST_TRIES} tries", "Try again later")
