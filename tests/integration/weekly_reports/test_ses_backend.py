"""Amazon SES over HTTP: one POST per attempt, whatever the service does."""

import base64

import pytest
from fake_ses import FakeSes
from report_lakes import WEEK
from report_mailers import LETTERHEAD, MONDAY_EIGHT

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.weekly_reports.backends.ses import SesBackend
from mavprep_analytics.weekly_reports.mime import Message
from mavprep_analytics.weekly_reports.outbox import Claimed
from mavprep_analytics.weekly_reports.payload import Payload, Step, encode


def message(user: str = "ada") -> Message:
    payload = Payload("quiet", WEEK, WEEK, "UTC", Step("practice", 10, 12))
    claimed = Claimed(user, encode(payload), "en", "A quiet week")
    return LETTERHEAD.write(claimed, WEEK, f"{user}@example.org", "Ada", MONDAY_EIGHT)


@pytest.mark.parametrize(
    ("meets", "result", "detail"),
    [
        ("accept", "sent", "ses-ada@example.org"),
        ("throttle", "throttled", "TooManyRequestsException"),
        ("daily", "stopped", "TooManyRequestsException"),
        ("reject", "failed", "MessageRejected"),
        ("paused", "stopped", "sending is paused"),
        ("broken", "unknown", "server error 500"),
        ("drop", "unknown", "answer lost"),
        ("hang", "unknown", "answer lost"),
        ("accept and die", "unknown", "answer lost"),
        ("accept and hang", "unknown", "answer lost"),
    ],
)
def test_each_answer_is_one_request_and_one_outcome(
    ses: FakeSes, meets: str, result: str, detail: str
) -> None:
    ses.behaviour["ada@example.org"] = [meets]
    backend = SesBackend(read_seconds=0.3 if "hang" in meets else 60)

    outcome = backend.send(message())
    backend.close()

    assert (outcome.result, outcome.detail.partition(" (")[0]) == (result, detail)
    assert ses.requests["ada@example.org"] == 1


def test_a_service_that_is_away_is_known_not_to_have_taken_the_mail(
    ses: FakeSes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")
    backend = SesBackend()

    assert backend.send(message()).result == "throttled"
    with pytest.raises(Temporary, match="SES did not answer"):
        backend.open()
    backend.close()


def test_the_account_s_quota_sets_pace_and_limit(ses: FakeSes) -> None:
    ses.quota = {"MaxSendRate": 14.0, "Max24HourSend": 200.0, "SentLast24Hours": 150.0}
    backend = SesBackend()

    backend.open()
    backend.close()

    assert (backend.rate(), backend.quota()) == (14.0, 50)


@pytest.mark.parametrize("may_ask", [True, False])
@pytest.mark.parametrize(("skew", "way"), [(425, "7 minutes behind"), (-420, "ahead of")])
def test_a_clock_off_by_minutes_is_told_by_the_service_s_date(
    ses: FakeSes, skew: float, way: str, may_ask: bool
) -> None:
    ses.skew, ses.may_ask = skew, may_ask
    backend = SesBackend()

    with pytest.raises(Misconfigured, match=rf"{way} SES's.*NTP"):
        backend.open()
    backend.close()


def test_without_permission_to_read_the_quota_the_pace_is_cautious(ses: FakeSes) -> None:
    ses.may_ask = False
    backend = SesBackend()

    backend.open()
    backend.close()

    assert (backend.rate(), backend.quota()) == (10.0, None)


def test_the_message_travels_whole_with_its_tag(ses: FakeSes) -> None:
    sent = message()
    backend = SesBackend("weekly")

    backend.send(sent)
    backend.close()

    (body,) = ses.messages
    assert base64.b64decode(body["Content"]["Raw"]["Data"]) == sent.content
    assert body["ConfigurationSetName"] == "weekly"
    assert body["EmailTags"][0]["Value"].startswith("weekly_2026-11-09_")
