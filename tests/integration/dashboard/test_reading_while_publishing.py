"""Fifty readers while real publications land: no error, no page that mixes two, no row of another night in a file."""

import csv
import io
import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from dashboard_clients import SignedIn, app_of_tests, clients_of
from published_rows import commit, new_lake

from mavprep_analytics.dashboard import app
from mavprep_analytics.dashboard.database import Database
from mavprep_analytics.embedded.detached import eventually
from mavprep_analytics.lake import Lake, Version
from mavprep_analytics.publication import publish

READERS, NIGHTS = 50, 12
FIRST_DAY = date(2026, 11, 1)
FEWEST = 120
Seen = tuple[str, int, set[int]]


def night_of(lake: Lake, night: int) -> Version:
    """Commit a night on which one student more is ranked and every student has as many points as are ranked."""
    ranked = FEWEST + night
    names = [f"s{number:04}" for number in range(ranked)]
    students = [{"user_id": n, "university": "Brook", "display_name": None} for n in names]
    empty: dict[str, Any] = dict.fromkeys(
        f"moved_by_{part}" for part in ("self", "others", "joiners", "leavers")
    )
    rankings = [
        {"metric": "reputation", "scope": "global", "scope_key": "", "user_id": name, "rank": 1,
         "dense_rank": 1, "tie_size": ranked, "population": ranked, "percentile": Decimal(50),
         "value": Decimal(ranked), "previous_rank": None, **empty}
        for name in names
    ]  # fmt: skip
    return commit(lake, {"students": students, "rankings": rankings})


def seen_on_a_page(text: str) -> Seen:
    """Return the as-of date of a page, of how many students it speaks, and the points in its rows."""
    day = re.search(r"As of <b>([^<]+)</b>", text)
    population = re.search(r"Ranks [\d,]+ to [\d,]+ of ([\d,]+)", text)
    assert day
    assert population
    points = re.findall(r'data-name="Value">([\d,]+)<', text)
    return day[1], int(population[1]), {int(value) for value in points}


def seen_in_a_file(answer: httpx.Response) -> Seen:
    """Likewise of a download: its date, its rows and their points."""
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    name = re.search(r"as-of-([\d-]+)\.csv", answer.headers["content-disposition"])
    assert name
    day = date.fromisoformat(name[1])
    return f"{day.day} {day:%b %Y}", len(rows), {int(Decimal(row["value"])) for row in rows}


def reading(client: httpx.Client, number: int) -> Callable[[], Seen | int]:
    """Return how a reader reads: the first page, on from a cursor, or (few of them) the file."""

    def page() -> Seen | int:
        answer = client.get("/rankings")
        return seen_on_a_page(answer.text) if answer.status_code == 200 else answer.status_code

    def following() -> Seen | int:
        first = client.get("/rankings")
        link = re.search(r'rel="next" href="([^"]+)"', first.text)
        if link is None:
            return first.status_code
        answer = client.get(link[1].replace("&amp;", "&"))
        return seen_on_a_page(answer.text) if answer.status_code == 200 else answer.status_code

    def file() -> Seen | int:
        answer = client.get("/rankings.csv")
        return seen_in_a_file(answer) if answer.status_code == 200 else answer.status_code

    return file if number < 2 else following if number % 2 else page


def read_on(
    signed_in: SignedIn, done: threading.Event, seen: list[Seen | int], number: int
) -> None:
    shared = signed_in("global")
    with httpx.Client(base_url=shared.base_url, headers=shared.headers, timeout=60) as client:
        read = reading(client, number)
        is_last = False
        while not is_last:
            is_last = done.is_set()
            seen.append(read())


def test_fifty_readers_see_no_error_and_no_mixed_page_while_publications_land(
    filled_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "Database", partial(Database, wait_seconds=60))  # none is turned away
    lake = new_lake(tmp_path)

    def land(night: int) -> None:
        day = FIRST_DAY + timedelta(days=night)
        publish(filled_database, lake, night_of(lake, night), day, code_version="test")

    land(0)
    done, seen = threading.Event(), list[Seen | int]()
    with clients_of(app_of_tests(filled_database)) as signed_in:
        signed_in("global")
        readers = [
            threading.Thread(target=read_on, args=(signed_in, done, seen, n))
            for n in range(READERS)
        ]
        for reader in readers:
            reader.start()
        assert eventually(lambda: len(seen) >= READERS, 60)
        for night in range(1, NIGHTS):
            land(night)
        done.set()
        for reader in readers:
            reader.join()
    expected = {}
    for night in range(NIGHTS):
        day = FIRST_DAY + timedelta(days=night)
        expected[f"{day.day} {day:%b %Y}"] = FEWEST + night
    wrong = [
        one
        for one in seen
        if isinstance(one, int) or one[1] != expected[one[0]] or one[2] != {expected[one[0]]}
    ]
    assert wrong == []
    assert len({one[0] for one in seen if not isinstance(one, int)}) > 1
