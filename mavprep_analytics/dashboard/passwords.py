"""Password hashes for local use: PBKDF2 with its parameters in the text. Who may do what stands in `access`."""

import base64
import hashlib
import hmac
import secrets
import sys

import typer

_SCHEME = "pbkdf2_sha256"
_ITERATIONS = 600_000  # OWASP password storage sheet; unlike scrypt it needs no memory per sign-in
_MOST_ITERATIONS = 10_000_000


def make_hash(password: str, salt: bytes | None = None) -> str:
    """Return `pbkdf2_sha256$iterations$salt$hash`; the salt is random unless given."""
    salt = secrets.token_bytes(16) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    return "$".join((_SCHEME, str(_ITERATIONS), _text(salt), _text(digest)))


def matches(password: str, hashed: str) -> bool:
    """Tell in constant time whether the password has this hash; false for a malformed hash."""
    try:
        scheme, iterations, salt, wanted = hashed.split("$")
        if scheme != _SCHEME or not 1 <= int(iterations) <= _MOST_ITERATIONS:
            return False
        made = hashlib.pbkdf2_hmac(
            "sha256", password.encode(), base64.b64decode(salt), int(iterations)
        )
        return hmac.compare_digest(made, base64.b64decode(wanted))
    except ValueError:
        return False


def asked() -> str:
    """Return a password that was typed twice, or the line on standard input where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
