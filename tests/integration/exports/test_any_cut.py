"""However a history is cut, written and delivered, the core tables are those of one full export, byte for byte."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import export_items as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lake_states import core_digests, difference, moved

from mavprep_analytics.campus.manifests import View
from mavprep_analytics.exports import Limits, ingest
from mavprep_analytics.exports.refusals import Gap, NewChain
from mavprep_analytics.lake import Lake
from mavprep_analytics.tables import core

WEEK = date(2026, 1, 8)
NIGHT = "2025-11-30T23:30:00-06:00"
"""Of another month in UTC than where it was written."""
ANY_SHRINK = Limits(shrink_users_percent=100, shrink_rows_percent=100)
Maker = Callable[[str, int], make.Item]
State = dict[tuple[str, str], make.Item]


@dataclass(frozen=True)
class Event:
    """An item is written with a value, some of which make it invalid, or deleted."""

    kind: int
    user: int
    value: int
    is_deleted: bool


KINDS: tuple[tuple[str, Maker], ...] = (
    ("Users", lambda user, n: make.profile(user, university=f"U{n}" if n else 5)),
    ("Users", lambda user, n: make.settings(user, preferences={"language": f"l{n}"})),
    ("Users", lambda user, n: make.reputation(user, reputation=n or "many")),
    ("Progress", lambda user, n: make.attempt(user, score=n, correctAnswers=1 if n else 9)),
    ("Progress", lambda user, n: make.attempt(user, "t#2", NIGHT, answers=[], endTime=None, score=n)),
    ("Progress", lambda user, n: make.daily(user, f"2025-1{n % 3}-20", videosWatched=n)),
    ("Progress", lambda user, n: make.flashcard(user, interval=n, extra=n)),
    ("Progress", lambda user, n: make.deck(user, totalCards=n, deckId="d1" if n else "x")),
    ("Progress", lambda user, n: make.plan(user, tasksCompleted=n, milestones=[])),
    ("Community", lambda user, n: make.post(post_id=f"p-{user}", likes=n, userId=user)),
    ("Community", lambda user, n: make.post(PK="TOPIC#limits", topicId="limits", post_id=f"p-{user}", likes=n)),
    ("Community", lambda user, n: make.comment(f"p-{user}", likes=n)),
    ("Community", lambda user, n: {"PK": f"USER#{user}", "SK": "AVATAR", "n": n}),
)  # fmt: skip
"""The table in which a kind of item is stored, and the item of a user with a value; the last is unrecognised."""
TABLES = ("Users", "Progress", "Community")


@dataclass(frozen=True)
class Written:
    """How one export is written: a full one of a state, or the changes since the state before."""

    table: str
    number: int
    is_full: bool
    output_format: str
    view: View
    data_files: int


histories = st.lists(
    st.builds(
        Event, st.integers(0, len(KINDS) - 1), st.integers(0, 3), st.integers(0, 5), st.booleans()
    ),
    max_size=50,
)


@st.composite
def deliveries(draw: st.DrawFn, cuts: int) -> list[Written]:
    """Draw the exports of all tables in the order in which they arrive."""

    def written(table: str, number: int, *, is_full: bool) -> Written:
        output_format = draw(st.sampled_from(["DYNAMODB_JSON", "ION"]))
        view: View = draw(st.sampled_from(["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]))
        return Written(table, number, is_full, output_format, view, draw(st.integers(1, 3)))

    exports = []
    for table in TABLES:
        again = draw(st.integers(0, cuts))  # of a second full export, which makes the first history
        exports += [written(table, number, is_full=True) for number in {0, again}]
        exports += [written(table, number, is_full=False) for number in range(1, cuts + 1)]
    return draw(st.permutations(exports))


def states_of(history: Sequence[Event], bounds: Sequence[int]) -> list[dict[str, State]]:
    """Return every table's items after so many events."""
    tables: dict[str, State] = {table: {} for table in TABLES}
    found, bounds = [], list(bounds)
    for count in range(len(history) + 1):
        found += [{table: dict(items) for table, items in tables.items()}] * bounds.count(count)
        if count < len(history):
            event = history[count]
            table, maker = KINDS[event.kind]
            item = maker(f"u{event.user}", event.value)
            tables[table].pop((item["PK"], item["SK"]), None)
            if not event.is_deleted:
                tables[table][item["PK"], item["SK"]] = item
    return found


def write(
    folder: Path, export: Written, states: list[dict[str, State]], times: list[datetime]
) -> None:
    after, to_at = states[export.number][export.table], times[export.number]
    options: dict[str, Any] = {
        "table": f"MavPrep-{export.table}",
        "output_format": export.output_format,
        "data_files": export.data_files,
    }
    if export.is_full:
        make.write_full(folder, after.values(), to_at, **options)
        return
    before, from_at = states[export.number - 1][export.table], times[export.number - 1]
    changes = [
        make.change(after.get(key), before.get(key), int(from_at.timestamp()) * 1_000_000)
        for key in {**before, **after}
        if after.get(key) != before.get(key)
    ]
    make.write_window(folder, changes, (from_at, to_at), view=export.view, **options)


def check(data: st.DataObject) -> None:
    history = data.draw(histories, "history")
    bounds = sorted(
        data.draw(st.lists(st.integers(0, len(history)), min_size=1, max_size=4), "cuts")
    )
    states = states_of(history, [*bounds, len(history)])
    lengths = st.lists(st.integers(900, 86_400), min_size=len(bounds), max_size=len(bounds))
    times = [make.MORNING]
    for seconds in data.draw(lengths, "seconds of each window"):
        times.append(times[-1] + timedelta(seconds=seconds))
    arrivals = data.draw(deliveries(len(bounds)), "arrivals")
    runs = data.draw(st.sets(st.integers(0, len(arrivals) - 1), max_size=4), "runs after")
    with TemporaryDirectory() as name:
        whole, cut = Path(name) / "whole", Path(name) / "cut"
        control, lake = Lake.open(f"{name}/control"), Lake.open(f"{name}/lake")
        for table in TABLES:
            last = Written(table, len(bounds), True, "DYNAMODB_JSON", "NEW_IMAGE", 1)
            write(whole, last, states, times)
        ingest(str(whole), control, WEEK)
        for place, export in enumerate(arrivals):
            write(cut, export, states, times)
            if place in runs and place < len(arrivals) - 1:
                try:
                    ingest(str(cut), lake, WEEK, limits=ANY_SHRINK)
                except (Gap, NewChain):
                    continue
                require_true_deltas(lake)
        ingest(str(cut), lake, WEEK, limits=ANY_SHRINK)
        require_true_deltas(lake)
        assert core_digests(lake) == core_digests(control)


def require_true_deltas(lake: Lake) -> None:
    """Where a version says what went and came of a table, that is what differs from the version before."""
    for table in core.TABLES:
        told = moved(lake, table.name)
        assert told is None or told == difference(lake, table.name), table.name


HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=15, suppress_health_check=HEALTH, derandomize=True)
@given(st.data())
def test_any_cut_of_a_history_gives_the_bytes_of_one_full_export(data: st.DataObject) -> None:
    check(data)


@pytest.mark.long
@settings(max_examples=300, suppress_health_check=HEALTH)
@given(st.data())
def test_many_more_cuts_do_too(data: st.DataObject) -> None:
    check(data)


def test_every_kind_of_item_takes_part() -> None:
    items = [maker("u1", 1) for _, maker in KINDS]
    kinds = {(i["PK"].split("#")[0], i["SK"].split("#")[0]) for i in items}
    ours = {(i["PK"].split("#")[0], i["SK"].split("#")[0]) for i in make.one_of_each()}
    assert ours < kinds
