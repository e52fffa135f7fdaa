"""Signed cookies: a session of at most 8 hours that ends after 30 idle minutes, and what a sign-in must remember.

One process serves the dashboards, so that ended sessions can be remembered here and a key of its own will do.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

LONGEST_SECONDS = 8 * 3600
IDLE_SECONDS = 30 * 60
RENEWED_AFTER_SECONDS = 60
SIGN_IN_SECONDS = 10 * 60
_LONGEST_COOKIE = 3800
_MOST_GROUPS = 20


@dataclass(frozen=True)
class Session:
    """A signed-in browser: its login and groups, when it began and was last seen (seconds)."""

    id: str
    login: str
    groups: tuple[str, ...]
    began: int
    seen: int


@dataclass(frozen=True)
class PendingSignIn:
    """What the answer of the provider is checked against, and where to go then."""

    state: str
    nonce: str
    verifier: str
    next: str
    began: int


class Sessions:
    """Writes and reads the cookies.

    Args:
        key: signs them; whoever has it can be anyone.
        clock: seconds since 1970.
    """

    def __init__(self, key: bytes, clock: Callable[[], float]) -> None:
        self._key = key
        self._clock = clock
        self._ended: dict[str, int] = {}
        self._lock = Lock()

    def begin(self, login: str, groups: tuple[str, ...]) -> Session:
        """Return a new session."""
        now = int(self._clock())
        return Session(secrets.token_urlsafe(12), login, groups[:_MOST_GROUPS], now, now)

    def pend(self, state: str, nonce: str, verifier: str, then: str) -> PendingSignIn:
        """Return a sign-in that waits for the provider."""
        return PendingSignIn(state, nonce, verifier, then, int(self._clock()))

    def write(self, value: Session | PendingSignIn) -> str:
        """Return the cookie's value."""
        body = _text(json.dumps(vars(value), ensure_ascii=False).encode())
        return f"{body}.{_text(self._sign(type(value), body))}"

    def session(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None: forged, too old, idle for too long, or ended."""
        found = self._read(Session, cookie)
        if found is None:
            return None
        session = Session(**found | {"groups": tuple(found["groups"])})
        now = self._clock()
        is_over = now - session.began > LONGEST_SECONDS or now - session.seen > IDLE_SECONDS
        return None if is_over or session.id in self._ended else session

    def pending(self, cookie: str | None) -> PendingSignIn | None:
        """Return the waiting sign-in of a cookie; None: forged or older than ten minutes."""
        found = self._read(PendingSignIn, cookie)
        if found is None or self._clock() - found["began"] > SIGN_IN_SECONDS:
            return None
        return PendingSignIn(**found)

    def renewed(self, session: Session) -> Session | None:
        """Return the session as seen now, at most once a minute; None: still fresh."""
        now = int(self._clock())
        return replace(session, seen=now) if now - session.seen >= RENEWED_AFTER_SECONDS else None

    def end(self, session: Session) -> None:
        """Refuse the session from now on, also in copies of its cookie."""
        now = int(self._clock())
        with self._lock:
            self._ended = {
                id_: began for id_, began in self._ended.items() if now - began <= LONGEST_SECONDS
            }
            self._ended[session.id] = session.began

    def _read(self, kind: type, cookie: str | None) -> dict[str, Any] | None:
        if cookie is None or len(cookie) > _LONGEST_COOKIE or not cookie.isascii():
            return None
        body, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature, _text(self._sign(kind, body))):
            return None
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return found

    def _sign(self, kind: type, body: str) -> bytes:
        message = f"{kind.__name__}.{body}".encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
