"""What a backend is, and the five things that it can know after one attempt."""

from dataclasses import dataclass
from typing import Literal, Protocol

from mavprep_analytics.weekly_reports.mime import Message

Result = Literal["sent", "failed", "later", "stopped", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """What is known after one attempt.

    Args:
        result: `sent` accepted; `failed` refused for good; `later` certainly not accepted, try again
            later; `stopped` the same, and no other mail will be accepted either; `unknown` maybe accepted.
        detail: the message id as the service named it when sent, else the reason, without any address.
    """

    result: Result
    detail: str


class Backend(Protocol):
    """Delivers one message at a time."""

    name: str
    batch: int
    """Mails claimed together: 1 where an attempt cannot be repeated."""
    is_repeatable: bool
    """Whether a second attempt does no harm, so that an interrupted claim may be tried again."""
    has_deadline: bool
    """Whether mails wait for their hour and expire."""

    def rate(self) -> float:
        """Return the mails per second that the service allows; 0: no limit."""

    def send(self, message: Message) -> Outcome:
        """Make one attempt; whatever happened is an outcome, never an exception."""

    def close(self) -> None:
        """Finish: close connections, write an index."""
