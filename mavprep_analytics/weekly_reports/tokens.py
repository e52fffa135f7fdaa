"""Signed tokens for the links of a mail: HMAC-SHA-256 with key rotation, each good for one purpose only.

`v1.<purpose>.<user>.<week>.<key id>.<mac>`; user and mac in base64url, mac cut to 128 bits. A token
never expires, since old mails must still work, holds no address, and is no login.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mavprep_analytics.errors import Misconfigured

Purpose = Literal["unsubscribe", "view"]
_MAC_BYTES = 16
_SHORTEST_SECRET = 16
_KEY = re.compile(r"[A-Za-z0-9_-]{1,16}")


@dataclass(frozen=True)
class Keys:
    """The keys by id; the first signs, all verify."""

    secrets: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Keys":
        """Read `id:secret,id:secret`.

        Raises:
            Misconfigured: no key, an id of odd characters, or a secret under 16 characters.
        """
        pairs = [part.strip().partition(":") for part in text.split(",") if part.strip()]
        secrets = {name: secret.encode() for name, _, secret in pairs}
        if not secrets or len(secrets) != len(pairs):
            raise Misconfigured("MAVPREP_TOKEN_KEYS holds no key, or an id twice", "Correct it")
        for name, secret in secrets.items():
            if not _KEY.fullmatch(name) or len(secret) < _SHORTEST_SECRET:
                raise Misconfigured(
                    "MAVPREP_TOKEN_KEYS holds an odd id or a secret under 16 characters",
                    "Write id:secret,id:secret with long random secrets",
                )
        return cls(secrets)

    def sign(self, purpose: Purpose, user_id: str, week: date | None = None) -> str:
        """Return a token of the first key."""
        key_id = next(iter(self.secrets))
        head = f"v1.{purpose}.{_text(user_id.encode())}.{week or '-'}.{key_id}"
        return f"{head}.{_text(self._mac(key_id, head))}"

    def verify(self, purpose: Purpose, token: str) -> tuple[str, date | None] | None:
        """Return user and week of a token of this purpose; null: forged, foreign or malformed."""
        head, _, mac = token.rpartition(".")
        parts = head.split(".")
        key_id = parts[4] if len(parts) == 5 else ""
        expected = _text(self._mac(key_id if key_id in self.secrets else "", head))
        is_true = hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace"))
        if not is_true or key_id not in self.secrets or parts[:2] != ["v1", purpose]:
            return None
        try:
            user_id = base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4)).decode()
            return user_id, None if parts[3] == "-" else date.fromisoformat(parts[3])
        except (binascii.Error, ValueError):
            return None

    def hash_of(self, text: str) -> str:
        """Return a keyed hash (hex) of an address or id, by the last key so that it survives rotation."""
        secret = list(self.secrets.values())[-1]
        return hmac.digest(secret, b"hash:" + text.encode(), "sha256").hex()

    def address_hash(self, address: str) -> str:
        """Return the keyed hash that stands for an address in the suppression table."""
        return self.hash_of(f"address {address.strip().lower()}")

    def _mac(self, key_id: str, head: str) -> bytes:
        secret = self.secrets.get(key_id, b"no such key")
        return hmac.digest(secret, head.encode("utf-8", "replace"), "sha256")[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
