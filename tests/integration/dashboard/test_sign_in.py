"""Sign-in at a provider over real HTTP: state, nonce, PKCE, tokens that lie, cookies, scope, sign-out."""

import base64
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from dashboard_clients import UNIVERSITY, serving
from identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, provided
from joserfc.jwk import RSAKey

from mavprep_analytics.dashboard.app import create_app
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

LIST = f"""
[logins."ada@brook.edu"]
role = "university_admin"
university = "{UNIVERSITY}"

[groups.staff]
role = "analyst"
"""
ADA = {"email": "ada@brook.edu", "email_verified": True}


@pytest.fixture
def grants(tmp_path: Path) -> Path:
    path = tmp_path / "grants.toml"
    path.write_text(LIST)
    return path


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with provided() as made:
        yield made


@contextmanager
def dashboards(
    provider: IdentityProvider, grants: Path, database_url: str, **changes: Any
) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        given: dict[str, Any] = {
            "dashboard_grants_file": grants,
            "dashboard_url": f"http://127.0.0.1:{listener.getsockname()[1]}",
            "dashboard_oidc_issuer": provider.issuer,
            "dashboard_oidc_client_id": CLIENT_ID,
            "dashboard_oidc_client_secret": CLIENT_SECRET,
        }
        app = create_app(Settings.model_validate(given | changes), database_url)
        with (
            serving(app, listener) as address,
            httpx.Client(base_url=address, follow_redirects=True, timeout=60) as browser,
        ):
            yield browser


@pytest.fixture
def browser(provider: IdentityProvider, grants: Path, campus_url: str) -> Iterator[httpx.Client]:
    provider.__init__(dict(ADA), issuer=provider.issuer, keys=provider.keys)  # type: ignore[misc]
    with dashboards(provider, grants, campus_url) as made:
        yield made


def test_without_a_session_a_page_offers_to_sign_in_and_comes_back_to_itself(
    browser: httpx.Client,
) -> None:
    refused = browser.get("/rankings?board=reputation-subject")
    assert refused.status_code == 401
    assert "www-authenticate" not in refused.headers
    assert "/sign-in?next=%2Frankings%3Fboard%3Dreputation-subject" in refused.text
    page = browser.get("/sign-in?next=%2Frankings%3Fboard%3Dreputation-subject")
    assert page.status_code == 200
    assert page.url.path == "/rankings"
    assert page.url.params["board"] == "reputation-subject"
    assert f"<b>ada@brook.edu</b>, for {UNIVERSITY}" in page.text


def test_the_cookie_is_for_the_browser_alone(browser: httpx.Client) -> None:
    answer = browser.get("/sign-in")
    cookies = [c for step in answer.history for c in step.headers.get_list("set-cookie")]
    session = next(c for c in cookies if c.startswith("mavprep="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Max-Age=28800" in session


def test_over_tls_the_cookie_is_secure(
    provider: IdentityProvider, grants: Path, campus_url: str
) -> None:
    with dashboards(
        provider, grants, campus_url, dashboard_url="https://analytics.example"
    ) as browser:
        begun = browser.get("/sign-in", follow_redirects=False)
    assert begun.headers["set-cookie"].startswith("__Secure-mavprep-sign-in=")
    assert "Secure" in begun.headers["set-cookie"].split("; ")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://analytics.example/sign-in/callback"]


def test_a_group_gives_its_role_and_an_unknown_person_none(
    browser: httpx.Client, provider: IdentityProvider
) -> None:
    provider.claims |= {"email": "kim@brook.edu", "groups": ["students", "staff"]}
    assert browser.get("/sign-in").status_code == 200
    assert browser.get("/students").status_code == 403
    browser.cookies.clear()
    provider.claims |= {"groups": ["students"]}
    assert browser.get("/sign-in").status_code == 403
    assert browser.get("/rankings").status_code == 403


def test_a_withdrawn_grant_ends_the_rights_of_a_running_session(
    browser: httpx.Client, grants: Path
) -> None:
    assert browser.get("/sign-in").status_code == 200
    grants.write_text('[logins.nobody]\nrole = "analyst"\n')
    assert browser.get("/rankings").status_code == 403


LIES: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "another-client"},
    "another audience that we asked for": {"aud": "another-client", "azp": CLIENT_ID},
    "another issuer": {"iss": "https://elsewhere.example"},
    "another sign-in": {"nonce": "of-another-sign-in"},
    "expired": {"exp": int(time.time()) - 120},
    "issued in the future": {"iat": int(time.time()) + 3600, "nbf": int(time.time()) + 3600},
    "an address nobody verified": {"email_verified": False},
    "no address": {"email": None},
    "for somebody else too": {"aud": [CLIENT_ID, "other"], "azp": "other"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    lie: str, browser: httpx.Client, provider: IdentityProvider
) -> None:
    provider.claims |= LIES[lie]
    assert browser.get("/sign-in").status_code == 401
    assert browser.get("/rankings").status_code == 401


def test_a_token_signed_with_another_key_opens_nothing(
    browser: httpx.Client, provider: IdentityProvider
) -> None:
    provider.signs_with = RSAKey.generate_key(2048, private=True)
    assert browser.get("/sign-in").status_code == 401


def test_a_token_without_a_signature_or_signed_with_the_public_key_opens_nothing(
    browser: httpx.Client, provider: IdentityProvider
) -> None:
    public = provider.keys[0].as_pem(private=False)

    def signed(algorithm: str, claims: dict[str, Any]) -> str:
        parts = ({"alg": algorithm, "kid": provider.keys[0].kid}, claims)
        body = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        digest = hmac.new(public, body.encode(), "sha256").digest()
        return f"{body}.{base64url(digest) if algorithm == 'HS256' else ''}"

    for algorithm in ("none", "HS256"):
        provider.forged = partial(signed, algorithm)
        assert browser.get("/sign-in").status_code == 401


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_new_keys_of_the_provider_are_fetched_when_a_token_needs_them(
    browser: httpx.Client, provider: IdentityProvider
) -> None:
    assert browser.get("/sign-in").status_code == 200
    provider.rotate()
    assert browser.get("/sign-in").status_code == 200
    assert provider.key_requests == 2


@pytest.mark.parametrize("spoilt", ["state", "code", "cookie"])
def test_an_answer_that_does_not_belong_to_a_sign_in_of_this_browser_is_refused(
    spoilt: str, browser: httpx.Client
) -> None:
    begun = browser.get("/sign-in", follow_redirects=False)
    back = browser.get(begun.headers["location"], follow_redirects=False).headers["location"]
    if spoilt == "cookie":
        browser.cookies.clear()
    else:
        back = back.replace(f"{spoilt}=", f"{spoilt}=x")
    assert browser.get(back).status_code == 401
    assert browser.get("/rankings").status_code == 401


def test_a_code_works_once(browser: httpx.Client) -> None:
    begun = browser.get("/sign-in", follow_redirects=False)
    pending = dict(browser.cookies)
    back = browser.get(begun.headers["location"], follow_redirects=False).headers["location"]
    assert browser.get(back).status_code == 200
    browser.cookies.clear()
    browser.cookies.update(pending)
    assert browser.get(back).status_code == 401


@pytest.mark.parametrize(
    "answer", ["error=access_denied&error_description=<script>", "", "state=x"]
)
def test_a_refusal_of_the_provider_is_told_without_its_words(
    answer: str, browser: httpx.Client
) -> None:
    page = browser.get(f"/sign-in/callback?{answer}")
    assert page.status_code == 401
    assert "access_denied" not in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: y", "x"],
)  # fmt: skip
def test_a_sign_in_never_leads_elsewhere(elsewhere: str, browser: httpx.Client) -> None:
    page = browser.get("/sign-in", params={"next": elsewhere})
    assert page.status_code == 200
    assert (page.url.host, page.url.path) == ("127.0.0.1", "/")


def test_signing_out_ends_the_session_for_copies_of_the_cookie_too(browser: httpx.Client) -> None:
    page = browser.get("/sign-in")
    assert 'action="/sign-out"' in page.text
    copy = dict(browser.cookies)
    foreign = browser.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert browser.post("/sign-out").status_code == 401
    browser.cookies.update(copy)
    assert browser.get("/rankings").status_code == 401
    assert browser.get("/sign-out").status_code in {404, 405}


def test_a_list_that_is_loaded_in_place_is_loaded_whole_after_the_session_ended(
    browser: httpx.Client,
) -> None:
    answer = browser.get("/rankings", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


def test_a_provider_that_is_down_or_another_one_is_told(
    provider: IdentityProvider, grants: Path, campus_url: str
) -> None:
    for spoilt in ({"is_down": True}, {"told_issuer": "https://elsewhere.example"}):
        for name, value in spoilt.items():
            setattr(provider, name, value)
        with dashboards(provider, grants, campus_url) as browser:
            answer = browser.get("/sign-in")
        provider.is_down, provider.told_issuer = False, ""
        assert answer.status_code == 503
        assert provider.issuer not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"dashboard_oidc_client_id": ""},
        {"dashboard_url": ""},
        {"dashboard_oidc_issuer": "http://id.example"},
        {"dashboard_session_key": "short"},
        {"dashboard_grants_file": None},
    ],
)
def test_a_half_configured_provider_is_refused_at_the_start(
    changes: dict[str, Any], provider: IdentityProvider, grants: Path
) -> None:
    with (
        pytest.raises(Misconfigured),
        dashboards(provider, grants, "postgresql://127.0.0.1:1/x", **changes),
    ):
        pass
