"""Who is let in: only listed logins, through a proxy that proves itself or a right password."""

import base64
import json

import pytest
from pydantic import SecretStr

from mavprep_analytics.dashboard.access import Access
from mavprep_analytics.dashboard.faults import NotAllowed, NotSignedIn, TooMany
from mavprep_analytics.dashboard.grants import Role
from mavprep_analytics.dashboard.passwords import make_hash, matches
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings

SECRET = "0123456789abcdef-proxy"
USERS = {
    "ana": {"role": "global_admin", "password": make_hash("correct horse")},
    "ben": {"role": "university_admin", "university": "Brook College 1"},
    "kim": {"role": "analyst"},
}


def settings(**changes: object) -> Settings:
    given: dict[str, object] = {
        "dashboard_users": SecretStr(json.dumps(USERS)),
        "dashboard_proxy_secret": SecretStr(SECRET),
    }
    return Settings.model_validate(given | changes)


def basic(login: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()}


def proxied(login: str, secret: str = SECRET) -> dict[str, str]:
    return {"x-forwarded-user": login, "x-mavprep-proxy-secret": secret}


def test_the_proxy_names_a_listed_login() -> None:
    viewer = Access(settings(), "10.0.0.5").viewer(proxied("ben"))
    assert (viewer.role, viewer.university) == (Role.UNIVERSITY_ADMIN, "Brook College 1")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-forwarded-user": "ana"},
        proxied("ana", "wrong secret"),
        proxied("ana", ""),
        proxied(""),
        basic("ana", "wrong"),
        basic("kim", ""),
        basic("nobody", "correct horse"),
        {"authorization": "Basic !!!"},
        {"authorization": "Bearer abc"},
    ],
)
def test_whoever_does_not_prove_a_login_is_asked_to_sign_in(headers: dict[str, str]) -> None:
    with pytest.raises(NotSignedIn):
        Access(settings(), "10.0.0.5").viewer(headers)


def test_a_login_that_is_not_listed_is_refused() -> None:
    with pytest.raises(NotAllowed):
        Access(settings(), "10.0.0.5").viewer(proxied("student-7"))


def test_a_password_lets_in_again_and_again() -> None:
    access = Access(settings(), "10.0.0.5")
    assert [access.viewer(basic("ana", "correct horse")).login for _ in range(3)] == ["ana"] * 3


def test_ten_wrong_passwords_close_a_login_for_a_minute() -> None:
    now = [0.0]
    access = Access(settings(), "10.0.0.5", clock=lambda: now[0])
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            access.viewer(basic("ana", "wrong"))
    with pytest.raises(TooMany):
        access.viewer(basic("ana", "correct horse"))
    now[0] = 61
    assert access.viewer(basic("ana", "correct horse")).login == "ana"


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "::", "example.org"])
def test_the_default_password_is_refused_off_loopback(host: str) -> None:
    with pytest.raises(Misconfigured, match="MAVPREP_DASHBOARD_USERS"):
        Access(Settings(), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_default_login_works_on_this_machine(host: str) -> None:
    assert Access(Settings(), host).viewer(basic("admin", "mavprep")).role is Role.GLOBAL_ADMIN


@pytest.mark.parametrize(
    "users",
    [
        "no json",
        "[]",
        '{"ana": {"role": "root"}}',
        '{"ana": {"role": "university_admin"}}',
        '{"ana": {"role": "analyst", "university": "X"}}',
        '{"ana": {"role": "analyst", "rights": "all"}}',
        json.dumps({"ana": {"role": "global_admin", "password": make_hash("mavprep")}}),
    ],
)
def test_malformed_or_unsafe_users_are_refused_at_the_start(users: str) -> None:
    with pytest.raises(Misconfigured):
        Access(settings(dashboard_users=SecretStr(users)), "127.0.0.1")


def test_a_short_proxy_secret_is_refused_at_the_start() -> None:
    with pytest.raises(Misconfigured, match="too short"):
        Access(settings(dashboard_proxy_secret=SecretStr("short")), "127.0.0.1")


@pytest.mark.parametrize(
    "hashed", ["", "plain", "md5$1$2$3$4$5", "pbkdf2_sha256$99999999$AA$AA", "$$$$$"]
)
def test_a_malformed_hash_matches_nothing(hashed: str) -> None:
    assert not matches("anything", hashed)
