"""What UpdateItem is told, what its answers mean, and how fast calls go."""

from datetime import date

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.publication.pace import Pace
from mavprep_analytics.publication.rank_tasks import ranks_json
from mavprep_analytics.publication.rank_writer import (
    RankWrite,
    refused_by_condition,
    region_and_table,
    update,
)

ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/MavPrep-Users"


def task(university: int | None, subjects: dict[str, int]) -> RankWrite:
    return RankWrite("u1", ARN, 7, university, subjects, date(2026, 11, 15))


def test_only_our_attributes_are_set_under_the_condition() -> None:
    sent = update(task(3, {"s": 1}))
    assert sent["UpdateExpression"] == (
        "SET globalRank = :global, subjectRanks = :subjects, ranksAsOf = :asOf,"
        " universityRank = :university"
    )
    assert sent["ConditionExpression"] == (
        "attribute_exists(PK) AND (attribute_not_exists(ranksAsOf) OR ranksAsOf <= :asOf)"
    )
    assert sent["ExpressionAttributeValues"] == {
        ":global": {"N": "7"},
        ":university": {"N": "3"},
        ":subjects": {"M": {"s": {"N": "1"}}},
        ":asOf": {"S": "2026-11-15"},
    }
    assert sent["Key"] == {"PK": {"S": "USER#u1"}, "SK": {"S": "REPUTATION"}}


def test_without_university_its_rank_is_removed_and_no_subjects_are_an_empty_map() -> None:
    sent = update(task(None, {}))
    assert sent["UpdateExpression"].endswith("REMOVE universityRank")
    assert sent["ExpressionAttributeValues"][":subjects"] == {"M": {}}
    assert ":university" not in sent["ExpressionAttributeValues"]


def test_a_table_is_found_by_its_arn() -> None:
    assert region_and_table(ARN) == ("eu-west-1", "MavPrep-Users")


@pytest.mark.parametrize("arn", ["", "MavPrep-Users", "arn:aws:s3:::bucket", f"{ARN[:-20]}x"])
def test_anything_else_is_no_table(arn: str) -> None:
    with pytest.raises(DataRefused, match="no ARN"):
        region_and_table(arn)


def test_a_failed_condition_is_gone_or_superseded_and_other_errors_are_neither() -> None:
    def failed(code: str, **more: object) -> ClientError:
        answer = {"Error": {"Code": code, "Message": ""}, **more}
        return ClientError(answer, "UpdateItem")  # type: ignore[arg-type]

    condition = "ConditionalCheckFailedException"
    assert refused_by_condition(failed(condition)) == "gone"
    assert refused_by_condition(failed(condition, Item={"PK": {"S": "x"}})) == "superseded"
    assert refused_by_condition(failed("ThrottlingException")) is None


def test_exported_ranks_become_a_map() -> None:
    assert ranks_json(None) is None
    assert ranks_json([]) == "{}"
    assert ranks_json([{"subject_id": "a", "rank": 2}]) == '{"a": 2}'
    assert ranks_json([{"subject_id": "a\0", "rank": 2}]) == '{"a\\ufffd": 2}'


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@settings(deadline=None)
@given(st.floats(1, 1000), st.integers(1, 300))
def test_calls_never_exceed_the_rate(rate: float, calls: int) -> None:
    clock = Clock()
    pace = Pace(rate, clock.read, clock.wait)
    for _ in range(calls):
        pace.wait()
    assert clock.now == pytest.approx((calls - 1) / rate)


def test_a_throttle_halves_the_rate_once_for_calls_in_flight_together() -> None:
    clock = Clock()
    pace = Pace(200, clock.read, clock.wait)
    for _ in range(8):
        pace.throttled()
    assert pace.rate == 100


def test_throttles_that_go_on_lead_to_one_call_a_second() -> None:
    clock = Clock()
    pace = Pace(200, clock.read, clock.wait)
    for _ in range(20):
        clock.wait(0.5)
        pace.throttled()
    assert pace.rate == 1


def test_each_quiet_second_gives_a_tenth_back_up_to_the_full_rate() -> None:
    clock = Clock()
    pace = Pace(200, clock.read, clock.wait)
    pace.throttled()
    clock.wait(1)
    pace.wait()
    assert pace.rate == pytest.approx(110)
    clock.wait(60)
    pace.wait()
    assert pace.rate == 200
