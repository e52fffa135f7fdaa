"""A small campus: same bytes from the same seed, sound items, a truth that shows in the results."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from export_reading import ReadTable, plain_item, read_tables, records, summaries

from mavprep_analytics.campus.simulate import CampusPlan, simulate_campus
from mavprep_analytics.errors import Misconfigured

PLAN = CampusPlan(students=40, weeks=4, seed=11)
END = datetime.fromisoformat("2026-11-16T00:00:00Z")


@dataclass(frozen=True)
class Campus:
    folder: Path
    tables: dict[str, ReadTable]

    def items(self, table: str, sort_key: str) -> list[dict[str, Any]]:
        found = self.tables[table].items
        return [plain_item(item) for key, item in found.items() if key[1].startswith(sort_key)]


def write(plan: CampusPlan, folder: Path) -> Campus:
    simulate_campus(plan, folder)
    return Campus(folder, read_tables(folder))


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Campus:
    return write(PLAN, tmp_path_factory.mktemp("campus"))


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory) -> Campus:
    plan = CampusPlan(students=60, weeks=3, seed=11, nights=4)
    return write(plan, tmp_path_factory.mktemp("nightly"))


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(
    campus: Campus, tmp_path: Path
) -> None:
    simulate_campus(PLAN, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(campus.folder)
    simulate_campus(CampusPlan(students=40, weeks=4, seed=12), tmp_path / "other")
    differing = contents(tmp_path / "other")["truth.parquet"]
    assert differing != contents(campus.folder)["truth.parquet"]


def test_every_kind_of_item_is_there(campus: Campus) -> None:
    kinds = Counter(
        (table, key[0].split("#")[0], key[1].split("#")[0])
        for table, read in campus.tables.items()
        for key in read.items
    )
    assert set(kinds) == {
        ("MavPrep-Users", "USER", "PROFILE"),
        ("MavPrep-Users", "USER", "SETTINGS"),
        ("MavPrep-Progress", "USER", "PROGRESS"),
        ("MavPrep-Progress", "USER", "DAILY"),
        ("MavPrep-Flashcards", "USER", "FLASHCARD"),
        ("MavPrep-Flashcards", "USER", "DECK"),
        ("MavPrep-StudyPlans", "USER", "PLAN"),
        ("MavPrep-Community", "COMMUNITY", "POST"),
        ("MavPrep-Community", "TOPIC", "POST"),
        ("MavPrep-Comments", "POST", "COMMENT"),
        ("MavPrep-Reputation", "USER", "REPUTATION"),
    }


def test_the_description_counts_what_was_written(campus: Campus) -> None:
    described = json.loads((campus.folder / "campus.json").read_text())
    counts = {table: len(read.items) for table, read in campus.tables.items()}
    assert described["counts"]["items"] == counts
    assert described["as_of"] == "2026-11-15"
    answers = sum(
        item["correctAnswers"] + item["incorrectAnswers"]
        for item in campus.items("MavPrep-Progress", "PROGRESS#")
    )
    assert described["counts"]["answers"] == answers
    assert 30 < answers / (40 * 4) < 50


def test_every_full_export_ends_with_the_campus(campus: Campus) -> None:
    assert {summary["exportTime"] for summary in summaries(campus.folder)} == {
        "2026-11-16T00:00:00.000Z"
    }


def test_an_attempt_agrees_with_its_answers_and_its_key(campus: Campus) -> None:
    for item in campus.items("MavPrep-Progress", "PROGRESS#"):
        answered = item["correctAnswers"] + item["incorrectAnswers"]
        assert answered + item["skippedQuestions"] <= item["totalQuestions"] <= 50
        assert item["percentageScore"] == pytest.approx(
            100 * item["correctAnswers"] / item["totalQuestions"], abs=0.00501
        )
        for parts in (item["topicPerformance"], item["difficultyBreakdown"]):
            assert sum(part["total"] for part in parts.values()) == answered
            assert sum(part["correct"] for part in parts.values()) == item["correctAnswers"]
        if "answers" in item:
            assert len(item["answers"]) == answered
            assert sum(a["correct"] for a in item["answers"]) == item["correctAnswers"]
            assert sum(a["timeSpent"] for a in item["answers"]) == item["timeSpentSeconds"]
        _, test_id, moment = item["SK"].split("#")
        started = datetime.fromisoformat(item["startTime"])
        assert (test_id, datetime.fromisoformat(moment)) == (item["testId"], started)
        assert started <= datetime.fromisoformat(item.get("endTime", item["startTime"])) < END
        assert ("endTime" in item) == item["completed"]


def test_a_day_sums_the_completed_attempts_that_began_in_it(campus: Campus) -> None:
    tests = Counter(
        i["PK"] for i in campus.items("MavPrep-Progress", "PROGRESS#") if i["completed"]
    )
    days: Counter[str] = Counter()
    for item in campus.items("MavPrep-Progress", "DAILY#"):
        days[item["PK"]] += item["testsCompleted"]
        assert item["SK"] == f"DAILY#{item['date']}"
        assert date(2026, 10, 19) <= date.fromisoformat(item["date"]) <= PLAN.until
        assert sum(item["timeByActivity"].values()) == item["studyTimeMinutes"]
    assert days == tests


def test_reputation_is_what_posts_and_comments_earned(campus: Campus) -> None:
    posts = {item["postId"]: item for item in campus.items("MavPrep-Community", "POST#")}
    earned: Counter[str] = Counter()
    for item in [*posts.values(), *campus.items("MavPrep-Comments", "COMMENT#")]:
        if not item["isReported"]:
            earned[item["userId"]] += 5 * item["likes"] + 15 * item.get("isAnswer", False)
    owners = campus.items("MavPrep-Reputation", "REPUTATION")
    assert len(owners) > 30
    for item in owners:
        history = [entry["change"] for entry in item["reputationHistory"]]
        assert item["reputation"] == sum(history)
        assert sum(history[1:]) == earned[item["PK"].removeprefix("USER#")]


def test_true_chances_show_in_the_share_of_correct_answers(campus: Campus) -> None:
    truth = pq.read_table(campus.folder / "truth.parquet").to_pylist()
    chance = {(row["user_id"], row["topic_id"]): row["lasting_chance"] for row in truth}
    rows = (campus.folder / "catalogue" / "questions.csv").read_text().splitlines()[1:]
    topic_of = {row.split(",")[0]: row.split(",")[1] for row in rows}
    results: dict[tuple[str, str], list[bool]] = {}
    for item in campus.items("MavPrep-Progress", "PROGRESS#"):
        user = item["PK"].removeprefix("USER#")
        for answer in item.get("answers", ()):
            topic = topic_of.get(answer["questionId"])
            if topic is not None:
                results.setdefault((user, topic), []).append(answer["correct"])
    pairs = [(chance[key], np.mean(found)) for key, found in results.items() if len(found) >= 15]
    expected, observed = np.array(pairs).T
    assert len(pairs) > 30
    assert np.corrcoef(expected, observed)[0, 1] > 0.6
    assert abs(expected.mean() - observed.mean()) < 0.05


def test_writing_a_campus_again_is_recognised_and_changes_nothing(campus: Campus) -> None:
    before = {path: path.stat().st_mtime_ns for path in campus.folder.rglob("*")}
    assert simulate_campus(PLAN, campus.folder).was_there
    assert {path: path.stat().st_mtime_ns for path in campus.folder.rglob("*")} == before


def test_a_folder_of_another_campus_or_of_something_else_is_refused(
    campus: Campus, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured, match=r"holds another campus \(seed 11, wanted 12\)"):
        simulate_campus(CampusPlan(students=40, weeks=4, seed=12), campus.folder)
    (tmp_path / "letter.txt").write_text("dear diary")
    with pytest.raises(Misconfigured, match="is not empty and holds no campus"):
        simulate_campus(PLAN, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_interrupted_campus_is_written_to_its_end(campus: Campus, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_campus(PLAN, tmp_path, interrupt)
    assert not (tmp_path / "campus.json").exists()
    assert not simulate_campus(PLAN, tmp_path).was_there
    assert contents(tmp_path) == contents(campus.folder)


@pytest.mark.parametrize(
    "plan",
    [
        CampusPlan(0, 1, 1),
        CampusPlan(1, 0, 1),
        CampusPlan(1, 1, -1),
        CampusPlan(1, 1, 1, nights=7),
    ],
)
def test_an_impossible_plan_is_refused(plan: CampusPlan, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        simulate_campus(plan, tmp_path)
    assert not list(tmp_path.iterdir())


def test_nights_are_contiguous_windows_after_the_full_export(nightly: Campus) -> None:
    for table in nightly.tables:
        chain = [s for s in summaries(nightly.folder) if s["tableArn"].endswith(f"/{table}")]
        assert len(chain) == 5
        assert chain[0]["exportTime"] == chain[1]["exportFromTime"] == "2026-11-12T00:00:00.000Z"
        for before, after in pairwise(chain[1:]):
            assert before["exportToTime"] == after["exportFromTime"]
        assert chain[-1]["exportToTime"] == "2026-11-16T00:00:00.000Z"


def test_nights_insert_update_and_delete_on_top_of_what_was_stored(nightly: Campus) -> None:
    happened: Counter[str] = Counter()
    for read in nightly.tables.values():
        happened.update(read.happened)
    assert set(happened) == {"insert", "update", "delete"}
    assert nightly.tables["MavPrep-Progress"].happened["insert"] > 20
    assert nightly.tables["MavPrep-Users"].happened["update"] > 20


def test_a_full_export_before_the_nights_holds_nothing_of_later(nightly: Campus) -> None:
    end = "2026-11-12T00:00:00Z"
    later = ("lastLogin", "lastReviewed", "endTime", "lastActivityTime", "lastUpdated", "created")
    dates = re.compile(r'"(?:date|earnedDate)": {"S": "([^"]*)"}')
    for summary in summaries(nightly.folder):
        if "exportTime" in summary:
            for record in records(nightly.folder, summary):
                item = record["Item"]
                moments = [item[name].get("S", "") for name in later if name in item]
                assert all(moment < end for moment in moments), item
                if "reputation" in item:
                    assert all(day < end for day in dates.findall(json.dumps(item))), item
