"""What a backend is, and the six things that it can know after one attempt."""

from dataclasses import dataclass
from typing import Literal, Protocol

from mavprep_analytics.weekly_reports.mime import Message

Result = Literal["sent", "failed", "later", "throttled", "stopped", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """What is known after one attempt.

    Args:
        result: `sent`: accepted. `failed`: refused for good. `unknown`: maybe accepted. The others are
            certain refusals for now: `later` of this mail, `throttled` of this moment, `stopped` of
            every mail.
        detail: the message id as the service named it when sent, else the reason, without any address.
    """

    result: Result
    detail: str


class Backend(Protocol):
    """Delivers one message at a time."""

    name: str
    batch: int
    """Mails claimed together: 1 where an attempt cannot be repeated."""
    has_deadline: bool
    """Whether mails wait for their hour and expire."""

    def open(self) -> None:
        """Make sure that mails can go, before any is claimed.

        Raises:
            Misconfigured: they cannot, and a person must change something.
            Temporary: the service does not answer.
        """

    def rate(self) -> float:
        """Return the mails per second that the service allows; 0: no limit."""

    def quota(self) -> int | None:
        """Return how many mails the service still takes today; null: no limit known."""

    def send(self, message: Message) -> Outcome:
        """Make one attempt; whatever happened is an outcome, never an exception."""

    def settle(self) -> dict[str, str]:
        """Wait until what was called sent is out; return student -> reason of what is not after all."""

    def close(self) -> None:
        """Finish: close connections, write an index."""
