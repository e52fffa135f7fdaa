"""Sends through Amazon SES v2 with a client of its own that makes ONE attempt.

SendEmail takes no idempotency token, and the SDK's default repeats a call whose answer was lost. So
this client never retries, and an answer that is missing or a server error is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
)

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.weekly_reports.backends.backend import Outcome, Result
from mavprep_analytics.weekly_reports.limits import require_true_clock
from mavprep_analytics.weekly_reports.mime import Message

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

TAG = "outbox"
"""The message tag that leads provider events back to a report: our message id before the @."""
CAUTIOUS_RATE = 10.0
"""Mails per second where the account's quota cannot be read."""
_THROTTLED = {"TooManyRequestsException", "Throttling", "ThrottlingException", "429"}
_STOPPED = {
    "SendingPausedException": "sending is paused",
    "AccountSuspendedException": "the account is suspended",
    "MailFromDomainNotVerifiedException": "the sender's domain is not verified",
    "LimitExceededException": "the account's limit is reached",
    "NotFoundException": "the configuration set does not exist",
    "AccessDeniedException": "no permission",
}
_DENIED = {"UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch"}
_DAILY = "daily"


@dataclass(frozen=True)
class Quota:
    """What the account allows: mails per second, and mails left in these 24 hours (null: unknown)."""

    rate: float
    left: int | None


class SesBackend:
    """Mails through the region and account of the environment."""

    name = "ses"
    batch = 1
    has_deadline = True

    def __init__(
        self, configuration_set: str = "", connect_seconds: float = 5, read_seconds: float = 30
    ) -> None:
        """Make the client; nothing is called yet.

        Raises:
            Misconfigured: no region is set.
        """
        retries: Any = {"mode": "standard", "total_max_attempts": 1}
        config = Config(retries=retries, connect_timeout=connect_seconds, read_timeout=read_seconds)
        try:
            self._client: SESV2Client = boto3.client("sesv2", config=config)
        except NoRegionError:
            raise Misconfigured("no AWS region is set for SES", "Set AWS_DEFAULT_REGION") from None
        self._configuration_set = configuration_set
        self._quota = Quota(CAUTIOUS_RATE, None)

    def open(self) -> None:
        """Read the account's quota; without permission to, a cautious pace is kept.

        Raises:
            Misconfigured: no credentials, or this machine's clock is more than five minutes off.
            Temporary: SES does not answer, or the account may not send.
        """
        try:
            account = self._client.get_account()
        except NoCredentialsError:
            raise Misconfigured("no AWS credentials for SES", "Set them") from None
        except (EndpointConnectionError, ConnectTimeoutError) as error:
            raise Temporary(f"SES did not answer ({type(error).__name__})", "Run again") from None
        except ClientError as error:
            _check_clock(error.response)
            return
        except BotoCoreError:
            return
        _check_clock(account)
        if account.get("SendingEnabled") is False:
            raise Temporary("SES: sending is paused for this account", "Look into the SES console")
        quota = account.get("SendQuota", {})
        left = quota.get("Max24HourSend", -1) - quota.get("SentLast24Hours", 0)
        has_limit = quota.get("Max24HourSend", -1) >= 0
        self._quota = Quota(
            quota.get("MaxSendRate", CAUTIOUS_RATE), int(max(left, 0)) if has_limit else None
        )

    def rate(self) -> float:
        """The account's MaxSendRate."""
        return self._quota.rate

    def quota(self) -> int | None:
        """The account's Max24HourSend less what it sent."""
        return self._quota.left

    def send(self, message: Message) -> Outcome:
        """Make one attempt; see Backend."""
        more: Any = (
            {"ConfigurationSetName": self._configuration_set} if self._configuration_set else {}
        )
        try:
            answer = self._client.send_email(
                FromEmailAddress=message.sender,
                Destination={"ToAddresses": [message.recipient]},
                Content={"Raw": {"Data": message.content}},
                EmailTags=[{"Name": TAG, "Value": tag_of(message.message_id)}],
                **more,
            )
        except ClientError as error:
            return _refusal(error)
        except (EndpointConnectionError, ConnectTimeoutError) as error:
            return Outcome("throttled", f"no connection ({type(error).__name__})")
        except (NoCredentialsError, ParamValidationError) as error:
            return Outcome("stopped", type(error).__name__)
        except BotoCoreError as error:
            return Outcome("unknown", f"answer lost ({type(error).__name__})")
        return Outcome("sent", answer["MessageId"])

    def settle(self) -> dict[str, str]:
        """Nothing is pending: each answer was awaited."""
        return {}

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _check_clock(answer: Mapping[str, Any]) -> None:
    """Compare this machine's clock with the Date of an answer."""
    told = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if told:
        require_true_clock(datetime.now(UTC), parsedate_to_datetime(told), "SES")


def tag_of(message_id: str) -> str:
    """Return the tag value of a message id: letters, digits, dashes and underscores only."""
    return message_id.partition("@")[0].replace(".", "_")


def _refusal(error: ClientError) -> Outcome:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    told = error.response.get("Error", {})
    code, text = str(told.get("Code", status)), str(told.get("Message", "")).lower()
    if status >= 500 or status == 0:
        return Outcome("unknown", f"server error {status}")
    result: Result = "failed"
    if code in _THROTTLED or status == 429:
        result = "stopped" if _DAILY in text else "throttled"
    elif code in _STOPPED or code in _DENIED or status in (401, 403):
        result = "stopped"
    return Outcome(result, _STOPPED.get(code, code))
