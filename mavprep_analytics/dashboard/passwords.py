"""Password hashes for local use: scrypt with the parameters in the text. Who may do what stands in `access`."""

import base64
import hashlib
import hmac
import secrets

_SCHEME = "scrypt"
_N, _R, _P = 2**14, 8, 1  # 16 MiB; RFC 7914 and the OWASP password storage sheet
_GREATEST_N = 2**20


def make_hash(password: str, salt: bytes | None = None) -> str:
    """Return `scrypt$n$r$p$salt$hash`; the salt is random unless given."""
    salt = secrets.token_bytes(16) if salt is None else salt
    digest = hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)
    return "$".join((_SCHEME, str(_N), str(_R), str(_P), _text(salt), _text(digest)))


def matches(password: str, hashed: str) -> bool:
    """Tell in constant time whether the password has this hash; false for a malformed hash."""
    try:
        scheme, n, r, p, salt, wanted = hashed.split("$")
        if scheme != _SCHEME or int(n) > _GREATEST_N:
            return False
        digest = hashlib.scrypt(
            password.encode(),
            salt=base64.b64decode(salt),
            n=int(n),
            r=int(r),
            p=int(p),
            maxmem=2**28,
        )
        return hmac.compare_digest(digest, base64.b64decode(wanted))
    except ValueError:
        return False


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
