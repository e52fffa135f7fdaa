"""Sign-in at an OpenID Connect provider: code flow with state, nonce and PKCE, by authlib (extra `oidc`).

Only the ID token is believed, after its signature, issuer, audience, times and nonce were checked.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mavprep_analytics.dashboard.access import is_loopback
from mavprep_analytics.dashboard.faults import NotSignedIn, Unavailable
from mavprep_analytics.errors import Misconfigured

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")  # never none, never HMAC
_TIMEOUT = 5
_LEEWAY = 60
_KEPT_SECONDS = 3600
_REFUSED = "The sign-in did not succeed. Start it again."


@dataclass(frozen=True)
class Client:
    """What the provider knows of us, and we of it.

    Args:
        issuer: as in its discovery document and in its tokens.
        client_id: ours.
        client_secret: ours; empty: a public client.
        redirect_uri: where the browser comes back to.
        login_claim: the claim that names the login.
        groups_claim: the claim that lists groups.
    """

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    login_claim: str
    groups_claim: str


@dataclass(frozen=True)
class Begun:
    """A sign-in on its way: where to send the browser, and what to check the answer against."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who signed in."""

    login: str
    groups: tuple[str, ...]


class Provider:
    """The provider; its documents are fetched when first needed and kept for an hour.

    Args:
        client: see there.
        clock: seconds since 1970.

    Raises:
        Misconfigured: the issuer is reached without TLS.
    """

    def __init__(self, client: Client, clock: Callable[[], float]) -> None:
        issuer = urlsplit(client.issuer)
        if issuer.scheme != "https" and not is_loopback(issuer.hostname or ""):
            raise Misconfigured(
                "MAVPREP_DASHBOARD_OIDC_ISSUER is no https address", "Use https://…"
            )
        self._client = client
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    def begin(self) -> Begun:
        """Return where the browser goes to sign in.

        Raises:
            Unavailable: the provider does not answer, or as another one.
        """
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        endpoint = self._document("authorization_endpoint")
        with self._session() as session:
            address, state = session.create_authorization_url(
                endpoint, nonce=nonce, code_verifier=verifier
            )
        return Begun(address, state, nonce, verifier)

    def finish(self, code: str, verifier: str, nonce: str) -> Identity:
        """Exchange the code and return who it stands for.

        Raises:
            NotSignedIn: the provider refuses the code, or its token is not what it must be.
            Unavailable: the provider does not answer.
        """
        endpoint = self._document("token_endpoint")
        try:
            with self._session() as session, _reached():
                token = session.fetch_token(
                    endpoint, code=code, code_verifier=verifier, timeout=_TIMEOUT
                )
        except OAuthError:
            raise NotSignedIn(_REFUSED) from None
        return self._identity(self._claims(token.get("id_token"), nonce))

    def _session(self) -> Any:
        untyped: Any = OAuth2Session
        return untyped(
            self._client.client_id,
            self._client.client_secret or None,
            scope="openid email profile",
            redirect_uri=self._client.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic"
            if self._client.client_secret
            else "none",
        )

    def _claims(self, id_token: object, nonce: str) -> Mapping[str, Any]:
        if not isinstance(id_token, str):
            raise NotSignedIn(_REFUSED)
        must: Any = {
            "iss": {"essential": True, "value": self._client.issuer},
            "aud": {"essential": True, "value": self._client.client_id},
        }
        for is_second in (
            False,
            True,
        ):  # a key that is not known yet: the keys may have been rotated
            keys = KeySet.import_key_set(self._keys(is_fresh=is_second))
            try:
                found = jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
                params = {"nonce": nonce, "client_id": self._client.client_id}
                claims: Any = CodeIDToken(found.claims, found.header, must, params)
                claims.validate(now=int(self._clock()), leeway=_LEEWAY)
            except (JoseError, ValueError):
                continue
            return dict(claims)
        raise NotSignedIn(_REFUSED)

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        login = claims.get(self._client.login_claim)
        is_claimed = (
            self._client.login_claim == "email" and claims.get("email_verified") is not True
        )
        if not isinstance(login, str) or not login or is_claimed:
            raise NotSignedIn("The identity provider did not vouch for a login.")
        groups = claims.get(self._client.groups_claim)
        listed = groups if isinstance(groups, list) else []
        return Identity(login, tuple(group for group in listed if isinstance(group, str)))

    def _document(self, name: str) -> str:
        where = self._client.issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = self._get(where)
        if found.get("issuer") != self._client.issuer or not isinstance(found.get(name), str):
            raise Unavailable("The sign-in service answers as another one.")
        return str(found[name])

    def _keys(self, *, is_fresh: bool) -> Any:
        return self._get(self._document("jwks_uri"), is_fresh=is_fresh)

    def _get(self, address: str, *, is_fresh: bool = False) -> Any:
        with self._lock:
            at, found = self._kept.get(address, (0.0, None))
            if found is None or is_fresh or self._clock() - at > _KEPT_SECONDS:
                with _reached():
                    answer = requests.get(address, timeout=_TIMEOUT, allow_redirects=False)
                    answer.raise_for_status()
                    found = answer.json()
                self._kept[address] = (self._clock(), found)
            return found


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except requests.RequestException:
        raise Unavailable("The sign-in service cannot be reached. Try again in a moment.") from None
