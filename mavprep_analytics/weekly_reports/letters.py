"""From a claimed report to a message: language, links, tokens, both parts, headers."""

from dataclasses import dataclass, field
from datetime import date, datetime

from mavprep_analytics.weekly_reports.language import language
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.mime import Envelope, Message, Sender, compose
from mavprep_analytics.weekly_reports.outbox import Claimed
from mavprep_analytics.weekly_reports.payload import decode
from mavprep_analytics.weekly_reports.render import Renderer
from mavprep_analytics.weekly_reports.tokens import Keys
from mavprep_analytics.weekly_reports.view import Frame, build


@dataclass(frozen=True)
class Letterhead:
    """What all mails share."""

    sender: Sender
    links: Links
    keys: Keys
    postal_address: str = ""
    renderer: Renderer = field(default_factory=Renderer)

    def write(
        self, claimed: Claimed, week: date, email: str, name: str | None, now: datetime
    ) -> Message:
        """Write one student's mail.

        Raises:
            HeaderRefused: an address or header value is unsafe.
            msgspec.ValidationError: the payload is of another version.
        """
        unsubscribe = self.keys.sign("unsubscribe", claimed.user_id)
        view = self.keys.sign("view", claimed.user_id, week)
        frame = Frame(self.links, unsubscribe, view, self.postal_address)
        words = language(claimed.language)
        parts = self.renderer.render(build(decode(claimed.payload), words, frame, name))
        envelope = Envelope(
            sender=self.sender,
            recipient=email,
            subject=claimed.subject,
            message_id=self.message_id(claimed.user_id, week),
            unsubscribe_url=self.links.unsubscribe(unsubscribe),
            sent_at=now,
        )
        return compose(claimed.user_id, envelope, parts)

    def message_id(self, user_id: str, week: date) -> str:
        """Return the id that this student and week always get; it names nobody."""
        return f"weekly.{week}.{self.keys.hash_of(f'{user_id} {week}')[:24]}@{self.sender.domain}"
