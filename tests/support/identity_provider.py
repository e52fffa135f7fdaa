"""A small OpenID Connect provider over HTTP: code flow with PKCE, keys that rotate, and tokens that can be spoilt."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from dashboard_clients import serving
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "dashboards", "only-the-provider-knows"


@dataclass
class IdentityProvider:
    """Whoever comes is signed in with `claims`.

    Args:
        claims: added to the token, or replacing what it has.
        signs_with: key that signs; another than the published one spoils the signature.
        forged: makes the token instead.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    told_issuer: str = ""
    keys: list[RSAKey] = field(default_factory=lambda: [_key()])
    signs_with: RSAKey | None = None
    forged: Callable[[dict[str, Any]], str] | None = None
    is_down: bool = False
    key_requests: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self) -> None:
        """Sign with a new key and publish it alone."""
        self.keys = [_key()]

    @property
    def app(self) -> Starlette:
        """The provider's pages."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _discovery(self, _request: Request) -> Response:
        if self.is_down:
            return Response(status_code=502)
        ends = {f"{name}_endpoint": f"{self.issuer}/{path}"
                for name, path in {"authorization": "authorize", "token": "token"}.items()}  # fmt: skip
        return JSONResponse(
            {"issuer": self.told_issuer or self.issuer, "jwks_uri": f"{self.issuer}/keys"} | ends
        )

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def _token(self, request: Request) -> Response:
        given = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self._codes.pop(given.get("code", ""), None)
        if request.headers.get("authorization") != f"Basic {secret}" or asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        proof = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert asked["code_challenge"] == base64.urlsafe_b64encode(proof).decode().rstrip("=")
        assert asked["redirect_uri"] == given["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "248289761001",
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
        } | self.claims
        key = self.signs_with or self.keys[0]
        token = jwt.encode({"alg": "RS256", "kid": self.keys[0].kid}, claims, key)
        if self.forged:
            token = self.forged(claims)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    async def _keys(self, _request: Request) -> Response:
        self.key_requests += 1
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})


def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}, private=True)


@contextmanager
def provided(**claims: Any) -> Iterator[IdentityProvider]:
    """Serve a provider whose tokens hold these claims."""
    provider = IdentityProvider(claims)
    with serving(provider.app) as address:
        provider.issuer = address
        yield provider
