"""Reads Amazon SES events: a send settles an unknown report, a hard bounce or complaint ends an address.

Events come as JSON objects, one a line: as SES publishes them, or wrapped by SNS. Copies count once.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mavprep_analytics.errors import DataRefused
from mavprep_analytics.weekly_reports.backends.ses import TAG
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.tokens import Keys

_KINDS = {"send": "send", "delivery": "delivery", "bounce": "bounce", "complaint": "complaint"}
_HARD = "permanent"


@dataclass(frozen=True)
class Event:
    """One event.

    Args:
        tag: the outbox tag of the message; empty: not one of ours.
        ended: addresses that must get no more mail, with the reason.
    """

    message_id: str
    tag: str
    kind: str
    occurred_at: datetime
    ended: Mapping[str, str]


def read_event(line: str) -> Event | None:
    """Read one event; null: of a kind that does not matter here.

    Raises:
        ValueError, KeyError: it is no SES event.
    """
    told = json.loads(line)
    if "Message" in told:
        told = json.loads(told["Message"])
    kind = _KINDS.get(str(told.get("eventType") or told["notificationType"]).lower())
    if kind is None:
        return None
    mail, body = told["mail"], told.get(kind, {})
    tags = mail.get("tags", {}).get(TAG, [""])
    moment = str(body.get("timestamp") or mail["timestamp"])
    return Event(
        str(mail["messageId"]),
        str(tags[0]),
        kind,
        datetime.fromisoformat(moment),
        _ended(kind, body),
    )


def record_events(lines: Iterable[str], outbox: Outbox, keys: Keys) -> Counter[str]:
    """Record events and return how many were new, by kind; `copy` counts the others.

    Raises:
        DataRefused: a line is no SES event; those before it are recorded.
    """
    counts: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = read_event(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataRefused(
                f"line {number} is no SES event ({type(error).__name__})", "Correct or remove it"
            ) from None
        if event is None:
            continue
        for address, reason in event.ended.items():
            outbox.opt_out("address", keys.address_hash(address), reason)
        is_new = outbox.event(event.message_id, event.tag, event.kind, event.occurred_at)
        counts[event.kind if is_new else "copy"] += 1
    return counts


def _ended(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses of a hard bounce or a complaint."""
    if kind == "bounce" and str(body.get("bounceType", "")).lower() == _HARD:
        return {row["emailAddress"]: "hard bounce" for row in body["bouncedRecipients"]}
    if kind == "complaint":
        return {row["emailAddress"]: "complaint" for row in body["complainedRecipients"]}
    return {}
