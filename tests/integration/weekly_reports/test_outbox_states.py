"""The outbox in a real Postgres: who is mailed, once; what refusals, limits and crashes lead to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import psycopg
import pytest
from report_lakes import WEEK
from report_mailers import (
    KEYS,
    MONDAY_EIGHT,
    KnownConsents,
    ScriptedBackend,
    freeze,
    mailer,
)

from mavprep_analytics.errors import DataRefused, Temporary
from mavprep_analytics.weekly_reports.backends import Outcome
from mavprep_analytics.weekly_reports.consents import Consent, consent
from mavprep_analytics.weekly_reports.delivery import deliver, require_complete
from mavprep_analytics.weekly_reports.limits import BreakerOpen
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.schedule import Held, due_at


@pytest.fixture
def outbox(published_url: str) -> Iterator[Outbox]:
    with Outbox(published_url) as opened:
        yield opened


def test_every_due_report_is_sent_once(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob"])
    backend = ScriptedBackend()

    first = deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)
    second = deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

    assert (first.sent, second.is_nothing) == (2, True)
    assert [message.user_id for message in backend.sent] == ["ada", "bob"]
    assert outbox.counts(WEEK)["sent"] == 2


def test_nothing_goes_before_monday_seven_local_and_nothing_after_72_hours(outbox: Outbox) -> None:
    freeze(outbox, ["tokyo"], "Asia/Tokyo")
    freeze(outbox, ["samoa"], "Pacific/Pago_Pago")
    freeze(outbox, ["utc"])
    backend = ScriptedBackend()

    deliver(mailer(outbox, backend), WEEK, datetime(2026, 11, 15, 23, tzinfo=UTC))
    early = [message.user_id for message in backend.sent]
    deliver(mailer(outbox, backend), WEEK, datetime(2026, 11, 19, 7, 0, 1, tzinfo=UTC))

    assert early == ["tokyo"]
    assert [message.user_id for message in backend.sent] == ["tokyo", "samoa"]
    assert outbox.counts(WEEK)["expired"] == 1


def test_only_all_five_flags_together_allow_a_mail(outbox: Outbox) -> None:
    combinations = {
        "".join("ny"[flag] for flag in flags): flags for flags in product([True, False], repeat=5)
    }
    freeze(outbox, list(combinations))
    known: dict[str, Consent | None] = {}
    for user, (is_verified, wants_email, wants_report, has_address, is_in) in combinations.items():
        address = "ada@example.org" if has_address else None
        known[user] = consent(address, "Ada", is_verified, wants_email, wants_report)
        if not is_in:
            outbox.opt_out("user", user, "unsubscribed")
    backend = ScriptedBackend()

    deliver(mailer(outbox, backend, consents=KnownConsents(known)), WEEK, MONDAY_EIGHT)

    assert [message.user_id for message in backend.sent] == ["yyyyy"]
    assert outbox.counts(WEEK)["suppressed"] == 31


def test_a_deleted_student_and_a_suppressed_address_get_nothing_and_the_reason_is_kept(
    outbox: Outbox,
) -> None:
    freeze(outbox, ["gone", "bounced"])
    outbox.opt_out("address", KEYS.address_hash("Bounced@Example.org"), "hard bounce")
    backend = ScriptedBackend()

    deliver(mailer(outbox, backend, consents=KnownConsents({"gone": None})), WEEK, MONDAY_EIGHT)

    assert backend.sent == []
    assert outbox.reasons(WEEK) == [("suppressed", "deleted", 1), ("suppressed", "hard bounce", 1)]


def test_the_mail_goes_to_the_current_address(outbox: Outbox) -> None:
    freeze(outbox, ["ada"])
    backend = ScriptedBackend()
    moved = KnownConsents({"ada": Consent("new@example.org", "Ada", None)})

    deliver(mailer(outbox, backend, consents=moved), WEEK, MONDAY_EIGHT)

    assert backend.sent[0].recipient == "new@example.org"


def test_an_opt_out_between_reading_the_flags_and_the_claim_holds(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob"])

    class OptsOut(ScriptedBackend):
        def send(self, message: object) -> Outcome:
            outbox.opt_out("user", "bob", "unsubscribed")
            return super().send(message)  # type: ignore[arg-type]

    backend = OptsOut()
    deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

    assert [message.user_id for message in backend.sent] == ["ada"]
    assert outbox.counts(WEEK)["suppressed"] == 1


def test_flags_older_than_fifteen_minutes_are_read_again(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob", "cyd"])
    consents = KnownConsents()
    ticks = iter(range(0, 100_000, 600))

    deliver(
        mailer(outbox, ScriptedBackend(), consents=consents, clock=lambda: float(next(ticks))),
        WEEK,
        MONDAY_EIGHT,
    )

    assert consents.reads == 2


def test_unreadable_flags_stop_the_run_before_any_mail(outbox: Outbox) -> None:
    freeze(outbox, ["ada"])

    class Unreadable(KnownConsents):
        def read(self, users: object) -> dict[str, Consent]:
            raise Temporary("the lake did not answer", "Run again")

    backend = ScriptedBackend()
    with pytest.raises(Temporary):
        deliver(mailer(outbox, backend, consents=Unreadable()), WEEK, MONDAY_EIGHT)

    assert backend.sent == []
    assert outbox.counts(WEEK)["ready"] == 1


def test_refusals_end_in_their_states_and_the_others_go_on(outbox: Outbox) -> None:
    freeze(outbox, ["a_failed", "b_unknown", "c_later", "d_throttled", "e_fine"])
    backend = ScriptedBackend(
        {
            "a_failed": [Outcome("failed", "refused with 550")],
            "b_unknown": [Outcome("unknown", "answer lost")],
            "c_later": [Outcome("later", "refused with 451")],
            "d_throttled": [Outcome("throttled", "429"), Outcome("throttled", "429")],
        }
    )

    done = deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)
    again = deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

    assert (done.sent, done.failed, done.unknown, done.put_off) == (2, 1, 1, 1)
    assert again.sent == 1
    calls = [message.user_id for message in backend.sent]
    assert {user: calls.count(user) for user in calls} == {
        "a_failed": 1, "b_unknown": 1, "c_later": 2, "d_throttled": 3, "e_fine": 1
    }  # fmt: skip


def test_a_throttled_mail_waits_ten_minutes_at_most_and_stays_ready(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob"])
    waits: list[float] = []
    backend = ScriptedBackend({"ada": [Outcome("throttled", "429")] * 100})

    done = deliver(mailer(outbox, backend, sleep=waits.append), WEEK, MONDAY_EIGHT)

    assert 500 < sum(waits) <= 600
    assert outbox.counts(WEEK)["ready"] == 2
    with pytest.raises(Temporary, match="sending ended early: 429; 0 sent"):
        require_complete(done)


def test_a_stopped_service_leaves_the_rest_ready(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob", "cyd"])
    backend = ScriptedBackend({"bob": [Outcome("stopped", "sending is paused")]})

    done = deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

    counts = outbox.counts(WEEK)
    assert (done.stopped, counts["sent"], counts["ready"]) == ("sending is paused", 1, 2)


@pytest.mark.parametrize("batch", [1, 500])
@pytest.mark.parametrize("calls", [1, 2], ids=["after a mail", "while it waits for a throttle"])
def test_a_run_that_is_told_to_end_finishes_the_mail_in_flight_and_leaves_the_rest_ready(
    outbox: Outbox, batch: int, calls: int
) -> None:
    freeze(outbox, ["ada", "bob", "cyd"])
    backend = ScriptedBackend({"bob": [Outcome("throttled", "429")]}, batch=batch)
    stopping = mailer(outbox, backend, is_stopping=lambda: len(backend.sent) >= calls)

    done = deliver(stopping, WEEK, MONDAY_EIGHT)

    assert [message.user_id for message in backend.sent] == ["ada", "bob"][:calls]
    assert (outbox.counts(WEEK)["sent"], outbox.counts(WEEK)["ready"]) == (1, 2)
    with pytest.raises(Temporary, match="1 sent"):
        require_complete(done)
    assert deliver(mailer(outbox, ScriptedBackend()), WEEK, MONDAY_EIGHT).sent == 2


def test_the_daily_quota_leaves_the_rest_ready(outbox: Outbox) -> None:
    freeze(outbox, [f"u{n}" for n in range(5)])

    done = deliver(mailer(outbox, ScriptedBackend(most=3)), WEEK, MONDAY_EIGHT)

    assert (done.sent, outbox.counts(WEEK)["ready"]) == (3, 2)


def test_the_canary_goes_in_three_steps_and_says_when_to_go_on(
    outbox: Outbox, published_url: str
) -> None:
    freeze(outbox, [f"u{n:03}" for n in range(200)])
    with psycopg.connect(published_url, autocommit=True) as connection:
        connection.execute(
            "insert into analytics_weekly_reports (user_id, week_start, kind, language, timezone,"
            " due_at, payload, payload_version, subject, as_of, lake_version, status)"
            " select 'gone' || n, %s, 'quiet', 'en', 'UTC', now(), '{}', 1, '', %s, 1, 'suppressed'"
            " from generate_series(1, 11800) as n",
            (WEEK, WEEK),
        )
    backend = ScriptedBackend(batch=500)
    pausing = mailer(outbox, backend, canary_pause=timedelta(minutes=30))

    def half_an_hour_later() -> None:
        with psycopg.connect(published_url, autocommit=True) as connection:
            connection.execute(
                "update analytics_weekly_reports set claimed_at = claimed_at - interval '30 min'"
            )

    first = deliver(pausing, WEEK, MONDAY_EIGHT)
    too_early = deliver(pausing, WEEK, MONDAY_EIGHT)
    half_an_hour_later()
    second = deliver(pausing, WEEK, MONDAY_EIGHT)
    half_an_hour_later()
    third = deliver(pausing, WEEK, MONDAY_EIGHT)

    assert [run.sent for run in (first, too_early, second, third)] == [100, 0, 20, 80]
    assert first.held_by == "the canary of 100 mails; go on in 30 minutes"
    assert too_early.held_by == "the canary of 100 mails; go on in 30 minutes"
    assert third.held_by == ""


def test_a_canary_that_bounces_stops_until_a_person_goes_on(outbox: Outbox) -> None:
    users = [f"u{n:04}" for n in range(1_000)]
    freeze(outbox, users)
    backend = ScriptedBackend(batch=500)
    pausing = mailer(outbox, backend, canary_pause=timedelta(minutes=30))
    deliver(pausing, WEEK, MONDAY_EIGHT)
    for user in users[:5]:
        outbox.event(f"id-{user}", "", "bounce", MONDAY_EIGHT)

    with pytest.raises(BreakerOpen, match="5 bounces of 100 mails"):
        deliver(pausing, WEEK, MONDAY_EIGHT)
    unminded = mailer(outbox, backend, minds_health=False)

    assert deliver(unminded, WEEK, MONDAY_EIGHT).sent == 900


@pytest.mark.parametrize(("asked", "allowed", "pause"), [(0, 2, 0.5), (4, 2, 0.5), (1, 2, 1.0)])
def test_the_pace_never_exceeds_the_service_s_quota(
    outbox: Outbox, asked: float, allowed: float, pause: float
) -> None:
    freeze(outbox, ["ada", "bob"])
    waits: list[float] = []

    class Limited(ScriptedBackend):
        def rate(self) -> float:
            return allowed

    standing = mailer(outbox, Limited(), rate=asked, sleep=waits.append, clock=lambda: 100.0)
    deliver(standing, WEEK, MONDAY_EIGHT)

    assert waits == [pause]


def test_a_bucket_is_delivered_alone(outbox: Outbox) -> None:
    freeze(outbox, ["tokyo"], "Asia/Tokyo")
    freeze(outbox, ["utc"])
    backend = ScriptedBackend()

    deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT, due_at(WEEK, "UTC"))

    assert [message.user_id for message in backend.sent] == ["utc"]
    assert outbox.buckets(WEEK) == [(due_at(WEEK, "Asia/Tokyo"), 1)]


def test_a_fifth_of_failures_opens_the_breaker(outbox: Outbox) -> None:
    freeze(outbox, [f"u{n:02}" for n in range(40)])
    backend = ScriptedBackend({f"u{n:02}": [Outcome("failed", "550")] for n in range(40)})

    with pytest.raises(BreakerOpen, match="20 of 20 attempts failed"):
        deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

    assert outbox.counts(WEEK)["ready"] == 20


def test_bounces_open_the_breaker_and_copies_of_an_event_count_once(outbox: Outbox) -> None:
    users = [f"u{n:03}" for n in range(510)]
    freeze(outbox, users)
    deliver(mailer(outbox, ScriptedBackend(batch=500)), WEEK, MONDAY_EIGHT)
    freeze(outbox, ["late"])

    for user in users[:20]:
        assert outbox.event(f"id-{user}", "", "bounce", MONDAY_EIGHT)
        assert not outbox.event(f"id-{user}", "", "bounce", MONDAY_EIGHT)
    health = outbox.health()
    assert (health.sent, health.bounces) == (510, 20)

    outbox.event("id-u500", "", "bounce", MONDAY_EIGHT)
    with pytest.raises(BreakerOpen, match="21 bounces of 510"):
        deliver(mailer(outbox, ScriptedBackend()), WEEK, MONDAY_EIGHT)


def test_an_unknown_report_is_settled_by_its_event_or_by_a_person(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob"])
    lost = Outcome("unknown", "answer lost")
    backend = ScriptedBackend({"ada": [lost], "bob": [lost]})
    deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)
    listed = [user for user, _, _ in outbox.unknown(WEEK)]

    tag = backend.sent[0].message_id.partition("@")[0].replace(".", "_")
    outbox.event("ses-1", tag, "send", MONDAY_EIGHT)
    outbox.resolve(WEEK, "bob", "failed")

    assert listed == ["ada", "bob"]
    assert outbox.counts(WEEK)["sent"] == outbox.counts(WEEK)["failed"] == 1
    with pytest.raises(DataRefused, match="bob has no unknown report"):
        outbox.resolve(WEEK, "bob", "ready")


def test_two_mailers_share_the_work_and_no_mail_goes_twice(
    outbox: Outbox, database_url: str
) -> None:
    users = [f"u{n:02}" for n in range(20)]
    freeze(outbox, users)
    with Outbox(database_url) as other:
        second = ScriptedBackend()

        class Interleaved(ScriptedBackend):
            def send(self, message: object) -> Outcome:
                if not self.sent:
                    deliver(mailer(other, second), WEEK, MONDAY_EIGHT)
                return super().send(message)  # type: ignore[arg-type]

        first = Interleaved()
        deliver(mailer(outbox, first), WEEK, MONDAY_EIGHT)

    calls = [message.user_id for message in first.sent + second.sent]
    assert sorted(calls) == users
    assert second.sent


def test_a_week_that_the_newest_publication_does_not_cover_is_held(outbox: Outbox) -> None:
    with pytest.raises(Held, match="held"):
        deliver(mailer(outbox, ScriptedBackend()), WEEK + timedelta(days=7), MONDAY_EIGHT)


def test_a_claim_itself_leaves_out_who_is_suppressed(outbox: Outbox) -> None:
    freeze(outbox, ["ada", "bob", "cyd"])
    outbox.opt_out("user", "ada", "unsubscribed")
    outbox.opt_out("address", "hash of bob", "complaint")

    claimed = outbox.claim(WEEK, {"ada": "", "bob": "hash of bob", "cyd": ""}, "smtp")

    assert [report.user_id for report in claimed] == ["cyd"]


def test_freezing_again_adds_nothing_and_changes_nothing(outbox: Outbox) -> None:
    freeze(outbox, ["ada"])
    before = outbox.report(WEEK, "ada")

    freeze(outbox, ["ada", "bob"], "Asia/Tokyo")

    assert outbox.report(WEEK, "ada") == before
    assert outbox.counts(WEEK)["ready"] == 2


def test_a_report_that_cannot_be_rendered_fails_alone(outbox: Outbox, published_url: str) -> None:
    freeze(outbox, ["ada", "bob"])
    with psycopg.connect(published_url, autocommit=True) as connection:
        connection.execute(
            "update analytics_weekly_reports set payload = '{\"version\": 99}' where user_id = 'ada'"
        )
    backend = ScriptedBackend()

    done = deliver(mailer(outbox, backend), WEEK, MONDAY_EIGHT)

    assert (done.failed, done.sent) == (1, 1)
    assert outbox.reasons(WEEK)[0] == ("failed", "not rendered: ValidationError", 1)
