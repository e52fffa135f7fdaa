"""Writes ranks to one REPUTATION item: the condition, the attributes, and what each answer of DynamoDB means.

Values are absolute, so a write whose answer was lost is simply repeated. The client makes one attempt a
call: this module repeats, at its own pace.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from mavprep_analytics.errors import DataRefused, MavprepError, Misconfigured, Temporary
from mavprep_analytics.publication.pace import Pace

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

THREADS = 8
_DEADLINE_SECONDS = 30 * 60
_TRIES = 5
_CONDITION = "attribute_exists(PK) AND (attribute_not_exists(ranksAsOf) OR ranksAsOf <= :asOf)"
_SET = "SET globalRank = :global, subjectRanks = :subjects, ranksAsOf = :asOf"
_THROTTLED = (
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "LimitExceededException",
)
_CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    connect_timeout=3,
    read_timeout=5,
    max_pool_connections=THREADS,
)

Result = Literal["written", "gone", "superseded"]


@dataclass(frozen=True)
class RankWrite:
    """One pending task; see the declaration of rank_writes."""

    user_id: str
    table_arn: str
    global_rank: int
    university_rank: int | None
    subject_ranks: Mapping[str, int]
    ranks_as_of: date


class RankWriter:
    """Sends tasks to DynamoDB; safe to call from several threads.

    Args:
        rate: calls per second at most.
        clock: returns seconds that never go back.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pace = Pace(rate, clock, sleep)
        self._clock = clock
        self._ends = clock() + _DEADLINE_SECONDS
        self._clients: dict[str, DynamoDBClient] = {}

    def open_clients(self, tasks: list[RankWrite]) -> None:
        """Make the clients that these tasks need; not from several threads at once."""
        for region in {region_and_table(task.table_arn)[0] for task in tasks} - set(self._clients):
            self._clients[region] = boto3.session.Session().client(
                "dynamodb", region_name=region, config=_CONFIG
            )

    def write(self, task: RankWrite) -> Result:
        """Send one task until DynamoDB answers, and say what became of it.

        Raises:
            Temporary: no answer after several tries, or throttled to the deadline.
            Misconfigured: the table is missing or the permission to update it.
        """
        region, table = region_and_table(task.table_arn)
        failed = 0
        while True:
            self._wait()
            try:
                self._clients[region].update_item(TableName=table, **update(task))
            except (ClientError, BotoCoreError) as error:
                if result := refused_by_condition(error):
                    return result
                if _code(error) in _THROTTLED:
                    self._pace.throttled()
                    continue
                failed += 1
                if not _may_repeat(error) or failed == _TRIES:
                    raise _explain(error, table) from error
            else:
                return "written"

    def _wait(self) -> None:
        if self._clock() >= self._ends:
            raise Temporary(
                "writing ranks to DynamoDB took 30 minutes",
                "Run again; it goes on where it stopped",
            )
        self._pace.wait()


def update(task: RankWrite) -> dict[str, Any]:
    """Return the arguments of UpdateItem beside the table: our attributes alone, under our condition."""
    values: dict[str, Any] = {
        ":global": {"N": str(task.global_rank)},
        ":subjects": {"M": {key: {"N": str(rank)} for key, rank in task.subject_ranks.items()}},
        ":asOf": {"S": task.ranks_as_of.isoformat()},
    }
    expression = f"{_SET} REMOVE universityRank"
    if task.university_rank is not None:
        values[":university"] = {"N": str(task.university_rank)}
        expression = f"{_SET}, universityRank = :university"
    return {
        "Key": {"PK": {"S": f"USER#{task.user_id}"}, "SK": {"S": "REPUTATION"}},
        "UpdateExpression": expression,
        "ConditionExpression": _CONDITION,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def region_and_table(arn: str) -> tuple[str, str]:
    """Return region and table name of `arn:aws:dynamodb:<region>:<account>:table/<name>`.

    Raises:
        DataRefused: it is no ARN of a table.
    """
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "dynamodb" or not parts[5].startswith("table/"):
        raise DataRefused(f"{arn} is no ARN of a DynamoDB table", "Look at the export's manifest")
    return parts[3], parts[5].removeprefix("table/")


def refused_by_condition(error: Exception) -> Result | None:
    """Return what a failed condition means: no item is `gone`, one with newer ranks `superseded`."""
    if _code(error) != "ConditionalCheckFailedException":
        return None
    assert isinstance(error, ClientError)
    return "superseded" if error.response.get("Item") else "gone"


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return type(error).__name__


def _may_repeat(error: Exception) -> bool:
    if isinstance(error, ClientError):
        return int(error.response["ResponseMetadata"].get("HTTPStatusCode", 500)) >= 500
    return not isinstance(error, NoCredentialsError)


def _explain(error: Exception, table: str) -> MavprepError:
    problem = f"the DynamoDB table {table} took no ranks ({_code(error)})"
    if _may_repeat(error):
        return Temporary(problem, "Run again; it goes on where it stopped")
    return Misconfigured(problem, "Check that the table exists and dynamodb:UpdateItem is allowed")
