"""Speed of the weekly mail: from payload rows as Postgres keeps them to encoded messages, on one core.

Run: python benchmarks/bench_reports.py [mails]
"""

import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from report_mailers import LETTERHEAD
from report_payloads import SCENARIOS

from mavprep_analytics.weekly_reports.language import language
from mavprep_analytics.weekly_reports.outbox import Claimed
from mavprep_analytics.weekly_reports.payload import decode, encode
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


def main(mails: int = 5_000) -> None:
    """Print mails per second and the share of each step."""
    for claimed in rows(20):
        LETTERHEAD.write(claimed, WEEK, "ada@example.org", "Maya Lee", NOW)
    ready = list(rows(mails))
    started = time.process_time()
    sizes = [
        len(LETTERHEAD.write(claimed, WEEK, "ada@example.org", "Maya Lee", NOW).content)
        for claimed in ready
    ]
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{mails:,} complete mails: {mails / seconds:,.0f} a second and core")
    print(f"{1000 * seconds / mails:.2f} ms a mail, {sum(sizes) / mails / 1024:.0f} KB on average,")
    print(f"largest {max(sizes) / 1024:.0f} KB, peak memory {peak} MB")
    steps(ready)


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
