"""Mailers for tests: a letterhead, flags from a dict, and a clock that never waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from report_lakes import WEEK

from mavprep_analytics.weekly_reports.backends import Backend, Outcome
from mavprep_analytics.weekly_reports.consents import DELETED, Consent
from mavprep_analytics.weekly_reports.delivery import Mailer
from mavprep_analytics.weekly_reports.letters import Letterhead
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.mime import Message, Sender
from mavprep_analytics.weekly_reports.outbox import NewReport, Outbox
from mavprep_analytics.weekly_reports.payload import PAYLOAD_VERSION, Payload, Step, encode
from mavprep_analytics.weekly_reports.schedule import due_at
from mavprep_analytics.weekly_reports.tokens import Keys

KEYS = Keys({"k1": b"a secret of sixteen or more"})
LETTERHEAD = Letterhead(
    Sender("MavPrep", "reports@mavprep.example"),
    Links("https://app.mavprep.example", "https://reports.mavprep.example"),
    KEYS,
    "1 Example Street",
)
MONDAY_EIGHT = datetime(2026, 11, 16, 8, tzinfo=UTC)
"""An hour after reports of the UTC zone are due."""


@dataclass
class KnownConsents:
    """Flags that a test sets; everybody else may be mailed at `<user>@example.org`."""

    flags: dict[str, Consent | None] = field(default_factory=dict)
    reads: int = 0

    def read(self, users: Sequence[str]) -> dict[str, Consent]:
        """Return the flags; None in `flags` means that the student is gone."""
        self.reads += 1
        allowed = {user: Consent(f"{user}@example.org", "Maya Lee", None) for user in users}
        return {user: self.flags.get(user, allowed[user]) or DELETED for user in users}


@dataclass
class ScriptedBackend:
    """A backend whose outcomes a test lists per student; all others are sent."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    name: str = "smtp"
    batch: int = 1
    has_deadline: bool = True
    most: int | None = None

    def open(self) -> None:
        """Nothing to do."""

    def rate(self) -> float:
        """No limit."""
        return 0

    def quota(self) -> int | None:
        """As the test says."""
        return self.most

    def send(self, message: Message) -> Outcome:
        """Return the next listed outcome."""
        self.sent.append(message)
        planned = self.outcomes.get(message.user_id)
        return planned.pop(0) if planned else Outcome("sent", f"id-{message.user_id}")

    def settle(self) -> dict[str, str]:
        """Nothing is pending."""
        return {}

    def close(self) -> None:
        """Nothing to do."""


def mailer(outbox: Outbox, backend: Backend, **more: Any) -> Mailer:
    """Return a mailer that never waits."""
    known: dict[str, Any] = {"consents": KnownConsents(), "sleep": lambda _: None, **more}
    return Mailer(outbox=outbox, backend=backend, letterhead=LETTERHEAD, **known)


def freeze(outbox: Outbox, users: Sequence[str], timezone: str = "UTC") -> None:
    """Freeze a small report for each student."""
    step = Step("practice", 10, 12)
    payload = Payload("quiet", WEEK, WEEK, timezone, step)
    outbox.freeze(
        NewReport(
            user, WEEK, "quiet", "en", timezone, due_at(WEEK, timezone), encode(payload),
            PAYLOAD_VERSION, "A quiet week", WEEK, 1,
        )
        for user in users
    )  # fmt: skip
