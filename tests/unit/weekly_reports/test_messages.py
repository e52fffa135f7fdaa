"""Messages: they read back as written, and nothing can be injected."""

import email
import json
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_mailers import LETTERHEAD
from report_payloads import STRONG, WEEK

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.mime import (
    Envelope,
    HeaderRefused,
    Message,
    Sender,
    compose,
    is_address,
)
from mavprep_analytics.weekly_reports.outbox import Claimed
from mavprep_analytics.weekly_reports.payload import encode
from mavprep_analytics.weekly_reports.render import Rendered

NOW = datetime(2026, 11, 16, 13, tzinfo=UTC)
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
BODIES = st.lists(LINES, max_size=8).map("\n".join)


def composed(subject: str = "Hi", text: str = "text", html: str = "html", to: str = "") -> Message:
    envelope = Envelope(
        LETTERHEAD.sender, to or "ada@example.org", subject, "id@mavprep.example",
        "https://reports.mavprep.example/unsubscribe/t", NOW,
    )  # fmt: skip
    return compose("ada", envelope, Rendered(html, text))


def read(message: Message) -> EmailMessage:
    parsed = email.message_from_bytes(message.content, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(message: Message, kind: str) -> str:
    part = read(message).get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


@settings(deadline=None)
@given(LINES, BODIES, BODIES)
def test_subject_and_both_parts_read_back_as_written(subject: str, text: str, html: str) -> None:
    message = composed(subject, text, html)

    assert " ".join(str(read(message)["subject"]).split()) == " ".join(subject.split())
    assert body(message, "plain") == text.rstrip("\n")
    as_ascii = html.encode("ascii", "xmlcharrefreplace").decode()
    assert body(message, "html") == as_ascii.rstrip("\n")
    lines = message.content.split(b"\r\n")
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: all@example.org", "a\nb", "a\0b", "a\u2028b", "a\x7f"]
)
def test_a_subject_with_controls_is_refused(subject: str) -> None:
    with pytest.raises(HeaderRefused):
        composed(subject)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org\r\nBcc: all@example.org",
        "ada@example.org, bob@example.org",
        "Ada <ada@example.org>",
        "ada",
        "ada@localhost",
        "a" * 65 + "@example.org",
        "ada@example..org",
        "",
        "ada@exa mple.org",
    ],
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(HeaderRefused):
        composed(to=address or " ")


def test_the_headers_let_a_mail_program_unsubscribe() -> None:
    message = read(composed())

    assert message["list-unsubscribe"] == "<https://reports.mavprep.example/unsubscribe/t>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert message["auto-submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_markup_in_a_name_is_shown_as_text() -> None:
    claimed = Claimed("ada", encode(STRONG), "en", "Hi")
    name = "<script>alert(1)</script>{{7*7}}\r\nBcc:x"

    message = LETTERHEAD.write(claimed, WEEK, "ada@example.org", name, NOW)

    assert "<script" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "49" not in message.text.splitlines()[2]
    assert read(message)["bcc"] is None


def test_whatever_people_wrote_is_shown_as_text_and_leads_nowhere() -> None:
    hostile = "<img src=x onerror=alert(1)>\"'{{7*7}}{% raw %}\r\nBcc: x"

    def soil(value: Any) -> Any:
        if isinstance(value, dict):
            kept = ("kind", "scope", "metric", "week_start", "as_of", "timezone")
            return {k: v if k in kept or k.endswith("_on") else soil(v) for k, v in value.items()}
        if isinstance(value, list):
            return [soil(item) for item in value]
        return hostile if isinstance(value, str) else value

    soiled = json.dumps(soil(json.loads(encode(STRONG))))
    claimed = Claimed("../<b>", soiled, "en", "Hi")

    message = LETTERHEAD.write(claimed, WEEK, "ada@example.org", hostile, NOW)

    assert "<img" not in message.html
    assert "{{7*7}}" in message.text
    addresses = re.findall(r'(?:href|src)="([^"]*)"', message.html)
    allowed = (LETTERHEAD.links.app, LETTERHEAD.links.public)
    assert addresses
    assert all(address.startswith(allowed) for address in addresses)
    assert read(message)["bcc"] is None


def test_the_same_student_and_week_always_get_the_same_message_id() -> None:
    first, second = (LETTERHEAD.message_id("ada", WEEK) for _ in range(2))

    assert first == second != LETTERHEAD.message_id("bob", WEEK)
    assert "ada" not in first


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "http://app.example", "https://", "//app.example", "https://a?b=c"],
)
def test_links_lead_to_https_hosts_only(url: str) -> None:
    with pytest.raises(Misconfigured, match="MAVPREP_APP_URL"):
        Links(url, "https://reports.example")


def test_an_id_cannot_leave_its_place_in_a_link() -> None:
    links = Links("https://app.example", "https://reports.example")

    assert links.lesson("../../x?y#z") == "https://app.example/lessons/..%2F..%2Fx%3Fy%23z"


@pytest.mark.parametrize("text", ["no address", "A <a@b>", "Name\r\nBcc: x <a@example.org>"])
def test_a_sender_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="MAVPREP_EMAIL_SENDER"):
        Sender.parse(text)
