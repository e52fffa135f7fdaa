"""Addresses in a mail: only to the configured hosts, only https, built from ids and never from text."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mavprep_analytics.errors import Misconfigured

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Links:
    """The two hosts that a mail may lead to.

    Args:
        app: base address of the product.
        public: base address of our own pages (`web.py`).
    """

    app: str
    public: str

    def __post_init__(self) -> None:
        for name, url in (("MAVPREP_APP_URL", self.app), ("MAVPREP_PUBLIC_URL", self.public)):
            parts = urlsplit(url)
            is_safe = parts.scheme == "https" or (
                parts.scheme == "http" and parts.hostname in _LOOPBACK
            )
            if not is_safe or not parts.hostname or parts.query or parts.fragment:
                raise Misconfigured(f"{name} {url} is no plain https address", "Correct it")

    def lesson(self, video_id: str) -> str:
        """Where a video lesson is watched."""
        return self._app("lessons", video_id)

    def flashcards(self, topic_id: str) -> str:
        """Where a topic's due flashcards are reviewed."""
        return self._app("flashcards", "review", topic_id)

    def practice(self, topic_id: str) -> str:
        """Where a practice test is taken; without a topic the product chooses."""
        return self._app("practice", topic_id) if topic_id else self._app("practice")

    def progress(self) -> str:
        """Where all topics stand."""
        return self._app("progress")

    def plan(self, plan_id: str) -> str:
        """Where a study plan stands."""
        return self._app("plans", plan_id)

    def settings(self) -> str:
        """Where the mail is switched off and on for good."""
        return self._app("settings", "notifications")

    def unsubscribe(self, token: str) -> str:
        """Our unsubscribe page, and the target of the one-click POST."""
        return f"{self.public.rstrip('/')}/unsubscribe/{quote(token, safe='.')}"

    def view(self, token: str) -> str:
        """Our page that shows the mail."""
        return f"{self.public.rstrip('/')}/view/{quote(token, safe='.')}"

    def _app(self, *parts: str) -> str:
        return "/".join([self.app.rstrip("/"), *(quote(part, safe="") for part in parts)])
