"""SES events: they settle, they suppress, and their copies count once."""

import json
from typing import Any

import psycopg
import pytest
from report_lakes import WEEK
from report_mailers import KEYS, MONDAY_EIGHT, ScriptedBackend, freeze, mailer

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.weekly_reports.backends import Outcome
from mavprep_analytics.weekly_reports.backends.ses import tag_of
from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.events import record_events
from mavprep_analytics.weekly_reports.outbox import Outbox


def event(kind: str, message_id: str, tag: str = "", **body: Any) -> str:
    mail = {
        "messageId": message_id,
        "timestamp": "2026-11-16T08:00:00.000Z",
        "tags": {"outbox": [tag]} if tag else {},
    }
    return json.dumps({"eventType": kind.capitalize(), "mail": mail, kind: body})


def test_a_hard_bounce_ends_the_address_and_a_soft_one_does_not(published_url: str) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada", "bob", "cyd"])
        lines = [
            event(
                "bounce", "m1", bounceType="Permanent",
                bouncedRecipients=[{"emailAddress": "Ada@example.org"}],
            ),
            event(
                "bounce", "m2", bounceType="Transient",
                bouncedRecipients=[{"emailAddress": "bob@example.org"}],
            ),
            event("complaint", "m3", complainedRecipients=[{"emailAddress": "cyd@example.org"}]),
        ]  # fmt: skip

        counts = record_events([*lines, *lines, event("open", "m4")], outbox, KEYS)
        backend = ScriptedBackend()
        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

        assert counts == {"bounce": 2, "complaint": 1, "copy": 3}
        assert [message.user_id for message in backend.sent] == ["bob"]
        assert {reason for _, reason, _ in outbox.reasons(WEEK) if reason} == {
            "hard bounce",
            "complaint",
        }


def test_a_send_event_wrapped_by_sns_settles_an_unknown_report(published_url: str) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada"])
        backend = ScriptedBackend({"ada": [Outcome("unknown", "answer lost")]})
        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)
        line = event("send", "ses-1", tag_of(backend.sent[0].message_id))

        record_events([json.dumps({"Type": "Notification", "Message": line})], outbox, KEYS)

        assert outbox.counts(WEEK)["sent"] == 1


def test_what_is_no_event_is_refused_with_its_line(published_url: str) -> None:
    with Outbox(published_url) as outbox, pytest.raises(DataRefused, match="line 2 is no SES"):
        record_events([event("send", "m"), '{"a": 1}'], outbox, KEYS)


@pytest.mark.parametrize(
    ("age_hours", "on_record", "tries"),
    [(25, ["bob", "cyd"], 2), (23, ["bob", "cyd"], 1), (25, ["bob"], 1), (25, [], 1)],
    ids=["silence for a day", "too early to tell", "a gap in the record", "no record at all"],
)
def test_an_unknown_report_is_tried_once_more_only_when_the_record_shows_no_send(
    published_url: str, age_hours: int, on_record: list[str], tries: int
) -> None:
    with Outbox(published_url) as outbox:
        freeze(outbox, ["ada", "bob", "cyd"])
        lost = [Outcome("unknown", "answer lost")] * 3
        backend = ScriptedBackend({"ada": lost}, name="ses")
        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)
        record_events([event("send", f"id-{user}") for user in on_record], outbox, KEYS)
        with psycopg.connect(published_url) as connection:
            connection.execute(
                "update analytics_weekly_reports set claimed_at = claimed_at - %s * interval '1 hour'",
                [age_hours],
            )

        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)
        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

        assert [message.user_id for message in backend.sent].count("ada") == tries
        assert outbox.counts(WEEK)["unknown"] == 1
