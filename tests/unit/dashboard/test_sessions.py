"""Session cookies: signed, at most 8 hours, 30 idle minutes, ended on request, never mistaken for another kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavprep_analytics.dashboard.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions

KEY = b"k" * 32


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(KEY, clock)


def test_a_cookie_brings_its_session_back(sessions: Sessions) -> None:
    session = sessions.begin("zo\u00eb@brook.edu", ("staff", "leads"))
    assert sessions.session(sessions.write(session)) == session


def test_an_idle_half_hour_ends_a_session(sessions: Sessions, clock: Clock) -> None:
    cookie = sessions.write(sessions.begin("ada", ()))
    clock.now += IDLE_SECONDS
    assert sessions.session(cookie)
    clock.now += 1
    assert sessions.session(cookie) is None


def test_a_session_that_is_used_goes_on_until_eight_hours(sessions: Sessions, clock: Clock) -> None:
    session, began = sessions.begin("ada", ()), clock.now
    while clock.now - began + 1200 <= LONGEST_SECONDS:
        clock.now += 1200
        renewed = sessions.renewed(session)
        assert renewed
        session = renewed
        assert sessions.session(sessions.write(session)) == session
    clock.now = began + LONGEST_SECONDS + 1
    assert sessions.session(sessions.write(session)) is None


def test_a_session_is_not_written_anew_within_a_minute(sessions: Sessions, clock: Clock) -> None:
    session = sessions.begin("ada", ())
    clock.now += 59
    assert sessions.renewed(session) is None


def test_an_ended_session_is_refused_in_every_copy(sessions: Sessions, clock: Clock) -> None:
    session = sessions.begin("ada", ())
    copy = sessions.write(session)
    clock.now += 120
    renewed = sessions.renewed(session)
    assert renewed
    sessions.end(session)
    assert sessions.session(copy) is None
    assert sessions.session(sessions.write(renewed)) is None


def test_a_waiting_sign_in_is_no_session_and_lasts_ten_minutes(
    sessions: Sessions, clock: Clock
) -> None:
    cookie = sessions.write(sessions.pend("state", "nonce", "verifier", "/rankings"))
    assert sessions.session(cookie) is None
    assert sessions.pending(sessions.write(sessions.begin("ada", ()))) is None
    clock.now += 601
    assert sessions.pending(cookie) is None


def test_another_key_reads_nothing(sessions: Sessions, clock: Clock) -> None:
    cookie = sessions.write(sessions.begin("ada", ()))
    assert Sessions(b"x" * 32, clock).session(cookie) is None


@given(
    st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda raw: raw.decode("latin1")))
)
def test_any_text_is_no_session(cookie: str) -> None:
    assert Sessions(KEY, Clock()).session(cookie) is None


@given(st.integers(0, 400), st.sampled_from("AbZ09-_."))
def test_a_changed_character_breaks_the_signature(place: int, character: str) -> None:
    sessions = Sessions(KEY, Clock())
    cookie = sessions.write(sessions.begin("ada", ("staff",)))
    place %= len(cookie)
    changed = cookie[:place] + character + cookie[place + 1 :]
    assert changed == cookie or sessions.session(changed) is None
