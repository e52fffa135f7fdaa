"""Tokens: what was signed is read back, and nothing else is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.weekly_reports.tokens import Keys

OLD, NEW = "old:the first secret of all", "new:the second secret of all"
KEYS = Keys.parse(OLD)
USERS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(USERS)
def test_any_user_id_survives_the_way_through_a_token(user: str) -> None:
    token = KEYS.sign("view", user, date(2026, 11, 9))

    assert KEYS.verify("view", token) == (user, date(2026, 11, 9))
    assert token.isascii()
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@given(USERS, st.integers(0, 200), st.characters())
def test_a_changed_character_is_noticed(user: str, place: int, character: str) -> None:
    token = KEYS.sign("unsubscribe", user)
    place %= len(token)
    forged = token[:place] + character + token[place + 1 :]

    assert forged == token or KEYS.verify("unsubscribe", forged) is None


@given(st.text(max_size=80))
def test_noise_is_no_token(noise: str) -> None:
    assert KEYS.verify("unsubscribe", noise) is None


def test_a_rotated_key_still_verifies_and_the_new_one_signs() -> None:
    both = Keys.parse(f"{NEW}, {OLD}")
    mailed_long_ago = KEYS.sign("unsubscribe", "ada")

    assert both.verify("unsubscribe", mailed_long_ago) == ("ada", None)
    assert KEYS.verify("unsubscribe", both.sign("unsubscribe", "ada")) is None


def test_a_token_serves_one_purpose() -> None:
    assert KEYS.verify("unsubscribe", KEYS.sign("view", "ada", date(2026, 11, 9))) is None


@pytest.mark.parametrize("text", ["", "short:secret", "a:" + "x" * 20 + ",a:" + "y" * 20, "no key"])
def test_weak_or_odd_keys_are_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="MAVPREP_TOKEN_KEYS"):
        Keys.parse(text)


def test_keys_do_not_show_their_secrets() -> None:
    assert "secret" not in repr(KEYS)
