"""What must hold of mastery whatever the answers: order, splits, late arrivals, one more right answer."""

import copy
import random
import re
from datetime import date, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from answer_lakes import DAY, Size, lake_of, random_rows
from hypothesis import given
from hypothesis import strategies as st
from lake_builders import Row, add_tables, answer, attempt, rows_in, uuid_of

from mavprep_analytics.engine import DuckDBEngine, build_all, run_parameters
from mavprep_analytics.engine.files import local_paths
from mavprep_analytics.engine.fingerprint import reads_of
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery import build_mastery, constants
from mavprep_analytics.mastery.build import READING_MODELS, read_mastery
from mavprep_analytics.mastery.reading import (
    Deviation,
    Sums,
    average_student,
    deviation,
    mastery,
)
from mavprep_analytics.packaged_files import read_packaged

PARAMETERS = run_parameters(date(1970, 1, 1) + timedelta(days=20_200), "UTC")
READING_DAY = int(PARAMETERS["reading_day"])
SMALL = Size(students=6, topics=5, questions=15, attempts=25)
TABLES = ("first_answers", "topic_mastery", "subject_mastery", "difficulty_mastery")


def read(lake: Lake) -> dict[str, list[Row]]:
    build_mastery(lake, DuckDBEngine(), PARAMETERS)
    return {name: rows_in(lake, name) for name in TABLES}


def refresh(lake: Lake, attempts: list[Row]) -> None:
    add_tables(lake, {"core_attempts": attempts})
    build_all(("eligible_attempts",), lake, DuckDBEngine(), PARAMETERS)


def test_nights_in_any_order_end_where_one_full_recompute_does(tmp_path: Path) -> None:
    rows = random_rows(31, SMALL)
    attempts = rows["core_attempts"]
    whole = read(lake_of(tmp_path / "whole", rows))
    late = random.Random(0).sample(attempts, k=len(attempts))
    lake = lake_of(tmp_path / "nights", {**rows, "core_attempts": late[:10]})
    read(lake)
    refresh(lake, late)
    assert read(lake) == whole


def test_a_second_run_over_the_same_inputs_builds_nothing(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, random_rows(32, SMALL))
    read(lake)
    head = lake.head()
    assert all(built.unchanged for built in build_mastery(lake, DuckDBEngine(), PARAMETERS))
    assert lake.head() == head


def test_within_a_week_the_rows_of_idle_students_do_not_change(tmp_path: Path) -> None:
    rows = random_rows(33, SMALL)
    lake = lake_of(tmp_path, rows)
    before = read(lake)["topic_mastery"]
    question = rows["catalogue_questions"][0]["question_id"]
    news = attempt("u1", "new", at=(READING_DAY - 1) * DAY, answers=[answer(1, question, True)])
    refresh(lake, [*rows["core_attempts"], news])
    after = read(lake)["topic_mastery"]
    idle = [[row for row in table if row["user_id"] != "u1"] for table in (before, after)]
    assert idle[0] == idle[1] != []
    assert before != after


def two_topics(
    answers: list[Row], subject: str = uuid_of("s"), **more: Any
) -> dict[str, list[Row]]:
    topics = [uuid_of("t 0"), uuid_of("t 1")]
    links = [
        {"topic_id": t, "ancestor_id": t, "ancestor_depth": 1, "subject_id": subject}
        for t in topics
    ]
    return {
        "core_profiles": [{"user_id": "ada"}],
        "catalogue_subjects": [{"subject_id": subject}],
        "catalogue_topics": [
            {"topic_id": t, "subject_id": subject, "slug": f"t-{i}"} for i, t in enumerate(topics)
        ],
        "topic_closure": links,
        "catalogue_questions": [
            {"question_id": uuid_of(f"q {i}"), "topic_id": topics[i % 2], "is_active": True}
            for i in range(20)
        ],
        "core_attempts": [attempt("ada", "test", at=READING_DAY * DAY, answers=answers)],
        **more,
    }


def topic_reading(folder: Path, rows: dict[str, list[Row]]) -> Row | None:
    found = [
        r for r in read(lake_of(folder, rows))["topic_mastery"] if r["topic_id"] == uuid_of("t 0")
    ]
    return found[0] if found else None


def some(count: int, correct: bool, first: int = 0) -> list[Row]:
    return [answer(first + i + 1, uuid_of(f"q {2 * (first + i)}"), correct) for i in range(count)]


def test_one_more_right_answer_raises_and_one_more_wrong_one_lowers_mastery(tmp_path: Path) -> None:
    base = topic_reading(tmp_path / "base", two_topics(some(3, False)))
    right = topic_reading(tmp_path / "right", two_topics([*some(3, False), *some(1, True, 3)]))
    wrong = topic_reading(tmp_path / "wrong", two_topics([*some(3, False), *some(1, False, 3)]))
    assert base is not None
    assert right is not None
    assert wrong is not None
    assert wrong["mastery"] < base["mastery"] < right["mastery"]


def test_repeating_a_question_changes_nothing(tmp_path: Path) -> None:
    rows = two_topics(some(2, True))
    again = copy.deepcopy(rows)
    repeats = [answer(i, uuid_of("q 0"), False) for i in (1, 2)]
    again["core_attempts"].append(attempt("ada", "x", at=READING_DAY * DAY + 1, answers=repeats))
    assert topic_reading(tmp_path / "once", rows) == topic_reading(tmp_path / "again", again)


def test_students_without_profile_change_no_reading(tmp_path: Path) -> None:
    rows = random_rows(34, SMALL)
    known = {p["user_id"] for p in rows["core_profiles"]}
    alone = [a for a in rows["core_attempts"] if a["user_id"] in known]
    assert len(alone) < len(rows["core_attempts"])
    everyone = read(lake_of(tmp_path / "all", rows))
    assert read(lake_of(tmp_path / "known", {**rows, "core_attempts": alone})) == everyone


def test_a_question_that_moves_takes_its_evidence_along(tmp_path: Path) -> None:
    rows = two_topics(some(2, True))
    lake = lake_of(tmp_path, rows)
    read(lake)
    moved = [{**q, "topic_id": uuid_of("t 1")} for q in rows["catalogue_questions"]]
    add_tables(lake, {"catalogue_questions": moved})
    assert [row["topic_id"] for row in read(lake)["topic_mastery"]] == [uuid_of("t 1")]


def summed_up(correct: int, total: int, **more: Any) -> dict[str, list[Row]]:
    counts = [{"topic_ref": uuid_of("t 0"), "correct": correct, "total": total}]
    rows = two_topics([], **more)
    (only,) = rows["core_attempts"]
    subject = rows["catalogue_subjects"][0]["subject_id"]
    rows["core_attempts"] = [
        {**only, "answers": None, "subject_ref": subject, "topic_performance": counts}
    ]
    return rows


def test_more_right_than_answered_counts_as_all_right(tmp_path: Path) -> None:
    odd = topic_reading(tmp_path / "odd", summed_up(5, 3))
    assert odd is not None
    assert odd == topic_reading(tmp_path / "all", summed_up(3, 3))


@pytest.mark.parametrize("has_answers", [True, False])
def test_a_subject_may_have_the_id_of_one_of_its_topics(tmp_path: Path, has_answers: bool) -> None:
    def reading(name: str, subject: str) -> Row | None:
        answered = two_topics(some(2, True), subject)
        rows = answered if has_answers else summed_up(2, 2, subject=subject)
        return topic_reading(tmp_path / name, rows)

    own = reading("own", uuid_of("s"))
    assert own is not None
    assert reading("shared", uuid_of("t 0")) == {**own, "subject_id": uuid_of("t 0")}


def test_an_empty_lake_has_no_readings(tmp_path: Path) -> None:
    assert read(lake_of(tmp_path, {})) == {name: [] for name in TABLES}


def test_evidence_of_long_ago_leaves_the_average_student(tmp_path: Path) -> None:
    rows = two_topics([])
    rows["core_attempts"] = [attempt("ada", "test", at=DAY, answers=some(5, True))]
    lake = lake_of(tmp_path, rows)
    (reading,) = read(lake)["topic_mastery"]
    (node,) = [n["node"] for n in rows_in(lake, "mastery_tree") if n["node_id"] == uuid_of("t 0")]
    (average,) = [r for r in rows_in(lake, "node_rates") if r["node"] == node]
    assert float(reading["mastery"]) == pytest.approx(average["rate"], abs=1e-4)
    assert float(reading["previous_mastery"]) == pytest.approx(average["previous_rate"], abs=1e-4)
    assert (reading["answers"], reading["level"]) == (5, "not_enough_data")


def steps(lake: Lake, folder: Path) -> dict[str, list[Row]]:
    """Return what lies between first answers and readings: sums of nodes, and the chain."""
    read(lake)
    inputs = {name: lake.head().tables[name] for name in reads_of(READING_MODELS)}
    folder.mkdir()
    files = {name: local_paths(name, entry, lake, folder) for name, entry in inputs.items()}
    made = read_mastery(DuckDBEngine(), READING_MODELS, files, PARAMETERS, folder)
    return {
        name: [row for path in made[name] for row in pq.read_table(path).to_pylist()]
        for name in ("mastery_nodes", "mastery_chain")
    }


def test_weights_are_the_rounded_powers_of_two(tmp_path: Path) -> None:
    nodes = steps(lake_of(tmp_path, random_rows(35, SMALL)), tmp_path / "steps")["mastery_nodes"]
    days = {row["last_day"]: row for row in nodes if row["answers"] == 1}
    assert days
    for day, row in days.items():
        for prefix, age in (("", day - READING_DAY), ("previous_", day - READING_DAY + 7)):
            weight = round(2 ** (age / constants.HALF_LIFE_DAYS) * constants.WEIGHT_UNIT)
            if row[f"{prefix}answers"]:
                assert row[f"{prefix}total_nanos"] == weight
                assert row[f"{prefix}correct_nanos"] in (0, weight)


def test_every_phase_of_the_half_life_is_the_nearest_whole_number() -> None:
    found = re.findall(r"\((\d+), (\d+)\)", read_packaged("sql/staging/half_life_phases.sql"))
    with localcontext(prec=60):
        wanted = [round(Decimal(2) ** (60 + Decimal(phase) / 60)) for phase in range(60)]
    assert [(int(phase), int(mantissa)) for phase, mantissa in found] == [*enumerate(wanted)]


def test_the_chain_in_numpy_says_what_the_models_say(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, random_rows(36))
    made = steps(lake, tmp_path / "steps")
    rates = {row["node"]: row for row in rows_in(lake, "node_rates")}
    chain = {(row["student"], row["node"]): row for row in made["mastery_chain"]}
    compared = 0
    for row in made["mastery_nodes"]:
        wanted = chain[row["student"], row["node"]]
        above = chain.get((row["student"], row["parent"]))
        for prefix in ("", "previous_"):
            if row[f"{prefix}answers"]:
                own = read_in_numpy(row, above, rates.get(row["node"]), prefix)
                assert own == pytest.approx(as_read(wanted, prefix), abs=6e-5)
                compared += 1
    assert compared > len(chain)


def read_in_numpy(row: Row, above: Row | None, rates: Row | None, prefix: str) -> list[float]:
    """Return theta, variance and, where the node has questions, mastery of one node."""
    names = (f"{prefix}{name}_nanos" for name in ("correct", "expected", "total"))
    own = Sums(*(np.array([row[name] / 1e9]) for name in names))
    parent = average_student(1)
    if above is not None and above[f"{prefix}theta"] is not None:
        parent = Deviation(
            np.array([above[f"{prefix}theta"]]), np.array([above[f"{prefix}variance"]])
        )
    strength = constants.NODE_STRENGTH if row["depth"] else constants.ROOT_STRENGTH
    found = deviation(own, parent, strength)
    rate = own.expected / own.total if rates is None else np.array([rates[f"{prefix}rate"]])
    shares = mastery(rate, found)
    return [float(found.theta[0]), float(found.variance[0]), float(shares[0][0])]


def as_read(row: Row, prefix: str) -> list[float]:
    return [float(row[f"{prefix}{name}"]) for name in ("theta", "variance", "mastery")]


answers_in_billionths = st.integers(0, 50 * 10**9).map(lambda nanos: nanos / 1e9)


@given(
    answers_in_billionths,
    answers_in_billionths,
    st.floats(0.02, 0.98),
    st.floats(-2, 2),
    st.floats(0.01, 1),
)
def test_adding_a_right_answer_never_lowers_a_node(
    right: float, wrong: float, rate: float, parent_theta: float, weight: float
) -> None:
    parent = Deviation(np.array([parent_theta]), np.array([0.1]))

    def theta(correct: float, total: float) -> float:
        sums = Sums(np.array([correct]), np.array([rate * total]), np.array([total]))
        return float(deviation(sums, parent, constants.NODE_STRENGTH).theta[0])

    assert theta(right + weight, right + wrong + weight) >= theta(right, right + wrong) - 1e-9
