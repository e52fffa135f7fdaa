"""Real answer logs as exports and catalogue."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from export_reading import plain_item, read_tables

from mavprep_analytics.campus.answer_log import LogPlan, convert_log
from mavprep_analytics.campus.answer_sessions import read_answer_log, sessions
from mavprep_analytics.errors import DataRefused, MavprepError, Misconfigured

SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
CLOZE = SHARED / "answers" / "cloze.parquet"
Row = tuple[Any, Any, Any, Any, Any, Any]
ROWS: Sequence[Row] = (
    ("ana", 7, "sums", 1, 1_000, 12.4),
    ("ana", 8, "sums", 0, 1_030, None),
    ("ana", 7, "sums", 1, 2_830, 5.0),
    ("ana", 9, "areas", 1, 4_631, 20_000.0),
    ("bo", 9, "areas", 0, 90_000, 3.0),
)


def write_log(path: Path, rows: Sequence[Row] = ROWS, without: str = "") -> Path:
    names = ("user", "item", "skill", "correct", "ts", "elapsed")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns.pop(without, None)
    pq.write_table(pa.table(columns), path)
    return path


def attempts(folder: Path) -> list[dict[str, Any]]:
    found = read_tables(folder)["MavPrep-Progress"].items.values()
    return sorted(map(plain_item, found), key=lambda item: str(item["startTime"]))


def test_sessions_end_after_thirty_minutes_or_fifty_answers(tmp_path: Path) -> None:
    many = [("zed", 1, "s", 1, 100 + n, 1.0) for n in range(120)]
    log = read_answer_log(write_log(tmp_path / "log.parquet", [*many, *ROWS]))
    found = [(log.users[s.user], s.number, s.stop - s.start) for s in sessions(log)]
    assert sorted(found) == [
        ("ana", 1, 3),
        ("ana", 2, 1),
        ("bo", 1, 1),
        ("zed", 1, 50),
        ("zed", 2, 50),
        ("zed", 3, 20),
    ]


def test_answers_keep_their_result_order_time_and_distance(tmp_path: Path) -> None:
    written = convert_log(LogPlan(write_log(tmp_path / "log.parquet")), tmp_path / "out")
    first, second, third = attempts(tmp_path / "out")
    assert [answer["correct"] for answer in first["answers"]] == [True, False, True]
    assert [answer.get("timeSpent") for answer in first["answers"]] == [12, None, 5]
    assert "timeSpent" not in second["answers"][0]
    assert (first["totalQuestions"], first["correctAnswers"]) == (3, 2)
    assert first["answers"][0]["questionId"] == first["answers"][2]["questionId"]
    moments = [datetime.fromisoformat(item["endTime"]) for item in (first, second, third)]
    assert (moments[1] - moments[0]).total_seconds() == 4_631 - 2_830
    assert third["endTime"] == "2026-11-15T01:00:00Z"
    assert written.description["as_of"] == "2026-11-15"


def test_the_catalogue_has_a_topic_per_skill_and_a_question_per_item(tmp_path: Path) -> None:
    plan = LogPlan(write_log(tmp_path / "log.parquet"), date(2026, 3, 1))
    counts = convert_log(plan, tmp_path / "out").description["counts"]
    assert isinstance(counts, dict)
    assert counts["catalogue"] == {
        "subjects": 1,
        "topics": 2,
        "questions": 3,
        "question_options": 0,
        "test_templates": 2,
        "test_questions": 4,
        "video_lessons": 2,
    }
    asked = {a["questionId"] for item in attempts(tmp_path / "out") for a in item["answers"]}
    rows = (tmp_path / "out" / "catalogue" / "questions.csv").read_text().splitlines()[1:]
    assert asked == {row.split(",")[0] for row in rows}


def test_every_student_may_get_a_weekly_report(tmp_path: Path) -> None:
    convert_log(LogPlan(write_log(tmp_path / "log.parquet")), tmp_path / "out")
    users = read_tables(tmp_path / "out")["MavPrep-Users"].items
    settings = [plain_item(item) for key, item in users.items() if key[1] == "SETTINGS"]
    profiles = [plain_item(item) for key, item in users.items() if key[1] == "PROFILE"]
    assert [item["notifications"] for item in settings] == [
        {"email": True, "weeklyReport": True}
    ] * 2
    assert all(item["emailVerified"] for item in profiles)


def test_a_longer_log_of_the_same_name_keeps_its_ids(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    convert_log(LogPlan(write_log(tmp_path / "a" / "log.parquet")), tmp_path / "x")
    longer = [*ROWS, ("cy", 7, "sums", 1, 95_000, 2.0)]
    convert_log(LogPlan(write_log(tmp_path / "b" / "log.parquet", longer)), tmp_path / "y")
    users = [set(read_tables(tmp_path / name)["MavPrep-Users"].items) for name in ("x", "y")]
    assert users[0] < users[1]


def test_converting_again_is_recognised_and_another_log_refused(tmp_path: Path) -> None:
    plan = LogPlan(write_log(tmp_path / "log.parquet"))
    assert not convert_log(plan, tmp_path / "out").was_there
    assert convert_log(plan, tmp_path / "out").was_there
    write_log(tmp_path / "log.parquet", ROWS[:2])
    with pytest.raises(Misconfigured, match="holds another campus"):
        convert_log(plan, tmp_path / "out")


@pytest.mark.parametrize(
    ("rows", "without", "error", "message"),
    [
        (ROWS, "skill", Misconfigured, "has no column skill"),
        ([], "", DataRefused, "holds no answers"),
        ([("ana", 1, "s", 2, 0, 1.0)], "", DataRefused, "has 2.0 in the column correct"),
        ([("ana", 1, None, 1, 0, 1.0), *ROWS], "", DataRefused, "answers without skill"),
    ],
)
def test_a_log_that_cannot_be_right_is_refused_by_name(
    tmp_path: Path, rows: Sequence[Row], without: str, error: type[MavprepError], message: str
) -> None:
    path = tmp_path / "log.parquet"
    if rows:
        write_log(path, rows, without)
    else:
        pq.write_table(pq.read_table(write_log(path)).slice(0, 0), path)
    with pytest.raises(error, match=message):
        convert_log(LogPlan(path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no parquet")
    for name in ("absent.parquet", "notes.txt"):
        with pytest.raises(Misconfigured, match=name):
            convert_log(LogPlan(tmp_path / name), tmp_path / "out")


@pytest.mark.skipif(not CLOZE.is_file(), reason="the cloze log is not on this machine")
def test_the_cloze_log_arrives_whole(tmp_path: Path) -> None:
    description = convert_log(LogPlan(CLOZE), tmp_path).description
    table = pq.read_table(CLOZE)
    found = attempts(tmp_path)
    assert description["students"] == 336
    assert sum(item["totalQuestions"] for item in found) == table.num_rows == 38_730
    correct = sum(item["correctAnswers"] for item in found)
    assert correct == int(table["correct"].to_numpy().sum())
    assert max(item["totalQuestions"] for item in found) <= 50
