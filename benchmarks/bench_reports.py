"""Speed and memory of the weekly mail: from ready rows in Postgres to encoded messages, on one core.

A real delivery (flags, claims, letters, records) whose backend only takes the messages; then ten times
as many rows, for the memory; then each step alone. The database runs in processes of its own.

Run: python benchmarks/bench_reports.py [mails]
"""

import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from report_mailers import LETTERHEAD, ScriptedBackend, mailer
from report_payloads import SCENARIOS

from mavprep_analytics.embedded.postgres import EmbeddedPostgres
from mavprep_analytics.publication.migrations import upgrade
from mavprep_analytics.weekly_reports.backends import Outcome
from mavprep_analytics.weekly_reports.delivery import deliver
from mavprep_analytics.weekly_reports.language import language
from mavprep_analytics.weekly_reports.mime import Message
from mavprep_analytics.weekly_reports.outbox import Claimed, NewReport, Outbox
from mavprep_analytics.weekly_reports.payload import PAYLOAD_VERSION, decode, encode
from mavprep_analytics.weekly_reports.schedule import due_at
from mavprep_analytics.weekly_reports.view import Frame, build

WEEK, NOW = date(2026, 11, 9), datetime(2026, 11, 16, 13, tzinfo=UTC)


def rows(mails: int) -> Iterator[Claimed]:
    """Yield rows of all scenarios in turn, each with numbers of its own."""
    scenarios = [
        (payload, code, name) for payload, code, name in SCENARIOS.values() if code != "ar"
    ]
    for number in range(mails):
        payload, code, _ = scenarios[number % len(scenarios)]
        assert payload.week is not None
        week = replace(payload.week, minutes=number % 900, questions=100 + number % 50)
        payload = replace(payload, week=week)
        yield Claimed(f"user{number}", encode(payload), code, "Your week: 4 h 35 min")


class Sink(ScriptedBackend):
    """Takes every message and keeps its size."""

    def __init__(self) -> None:
        super().__init__(batch=500, has_deadline=False)
        self.sizes: list[int] = []

    def send(self, message: Message) -> Outcome:
        """Take it."""
        self.sizes.append(len(message.content))
        return Outcome("sent", message.message_id)


def freeze(outbox: Outbox, mails: int) -> None:
    """Fill the outbox with this many ready reports."""
    outbox.freeze(
        NewReport(
            row.user_id, WEEK, "full", row.language, "UTC", due_at(WEEK, "UTC"), row.payload,
            PAYLOAD_VERSION, row.subject, WEEK + timedelta(days=6), 1,
        )
        for row in rows(mails)
    )  # fmt: skip


def delivered(url: str, mails: int) -> None:
    """Deliver this many and print speed and memory."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("delete from analytics_weekly_reports")
    with Outbox(url) as outbox:
        freeze(outbox, mails)
        sink = Sink()
        started = time.process_time()
        done = deliver(mailer(outbox, sink), WEEK, NOW)
        seconds = time.process_time() - started
    assert done.sent == len(sink.sizes) == mails
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{mails:>7,} rows delivered: {mails / seconds:,.0f} a second and core, "
        f"{sum(sink.sizes) / mails / 1024:.0f} KB on average, largest "
        f"{max(sink.sizes) / 1024:.0f} KB, peak memory {peak} MB"
    )


def main(mails: int = 5_000) -> None:
    """Print mails per second, memory, and the share of each step."""
    with TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder), durable=False) as server:
        upgrade(server.url, with_catalogue=True)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(
                "insert into analytics_publications (sequence, as_of, export_chain, code_version,"
                " lake_version, lake_commit_id, tables, commit_id)"
                " values (1, '2026-11-15', '{}', 'bench', 1, '', '{}', '')"
            )
        delivered(server.url, 100)
        delivered(server.url, mails)
        delivered(server.url, 10 * mails)
    steps(list(rows(mails)))


def steps(ready: list[Claimed]) -> None:
    """Print the time of each step alone."""
    frame = Frame(LETTERHEAD.links, "v1.t", "v1.v", "1 Example Street")
    renderer = LETTERHEAD.renderer
    clock = time.process_time
    at = clock()
    payloads = [(decode(claimed.payload), language(claimed.language)) for claimed in ready]
    decoded = clock()
    views = [build(payload, words, frame, "Maya Lee") for payload, words in payloads]
    built = clock()
    for view in views:
        renderer.render(view)
    rendered = clock()
    for name, seconds in (
        ("decode", decoded - at),
        ("view", built - decoded),
        ("render", rendered - built),
    ):
        print(f"  {name:<8} {1000 * seconds / len(ready):.3f} ms")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
