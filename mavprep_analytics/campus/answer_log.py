"""Turns a real answer log into MavPrep exports and a catalogue.

One subject; a topic per skill; a question per item, all of medium difficulty, as a log has no labels;
sessions of consecutive answers are attempts, a student's n-th session at the n-th practice test. Ids are
uuid5 of the log's name and the log's own values, so a longer log keeps them. All times move by whole days
so that the last answer falls on the last day of the campus.
"""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from mavprep_analytics.campus.answer_sessions import AnswerLog, Session, read_answer_log, sessions
from mavprep_analytics.campus.attempt_items import percentage
from mavprep_analytics.campus.campus_folder import (
    DEFAULT_UNTIL,
    CampusWritten,
    Progress,
    begin_campus,
    finish_campus,
    finished_campus,
)
from mavprep_analytics.campus.catalogue_files import write_catalogue
from mavprep_analytics.campus.destinations import LocalFolder
from mavprep_analytics.campus.log_catalogue import LogIds, log_catalogue_rows
from mavprep_analytics.campus.table_exports import PROGRESS, REPUTATION, USERS, TableExports
from mavprep_analytics.campus.term_calendar import DAY, iso_seconds
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.periods import end_of_day


@dataclass(frozen=True)
class LogPlan:
    """Which log is converted, and the day on which its last answer shall fall."""

    path: Path
    until: date = DEFAULT_UNTIL

    def identity(self) -> dict[str, object]:
        """Return the plan as `campus.json` states it; the digest is the log's."""
        if not self.path.is_file():
            raise Misconfigured(f"there is no answer log at {self.path}", "Name a Parquet file")
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "source": f"log {self.path.name}",
            "sha256": digest,
            "as_of": self.until.isoformat(),
        }


def convert_log(plan: LogPlan, out: Path, progress: Progress | None = None) -> CampusWritten:
    """Write exports and catalogue of a log into a folder, which then is a valid exports URL.

    Raises:
        Misconfigured: no such log, a missing column, or the folder holds something else.
        DataRefused: the log has values that no answer can have.
    """
    identity = plan.identity()
    found = finished_campus(out, identity)
    if found is not None:
        return CampusWritten(out, found, was_there=True)
    log = read_answer_log(plan.path)
    begin_campus(out, identity)
    counts = _write(log, plan, out, progress)
    description = identity | {"students": len(log.users), "counts": counts}
    finish_campus(out, description)
    return CampusWritten(out, description, was_there=False)


def _write(
    log: AnswerLog, plan: LogPlan, out: Path, progress: Progress | None
) -> dict[str, object]:
    ids = LogIds.of(log, plan.path.stem)
    attempts = list(sessions(log))
    tables = write_catalogue(out / "catalogue", log_catalogue_rows(log, ids, attempts, plan.until))
    until = end_of_day(plan.until)
    shift = int(until.timestamp()) - DAY * (int(log.moment.max()) // DAY + 1)
    with TableExports(LocalFolder(out), until, seed=ids.name) as exports:
        exports.add(USERS, _accounts(ids, plan.until))
        exports.add(REPUTATION, (_reputation(user_id) for user_id in ids.users))
        for session in attempts:
            exports.add(PROGRESS, [_attempt(log, ids, session, shift)])
            if progress is not None:
                progress(session.user + 1, len(log.users))
        written = exports.finish()
    items = {export.table.name: export.item_count for export in written}
    return {"answers": len(log.user), "items": items, "catalogue": tables}


def _accounts(ids: LogIds, until: date) -> Iterator[dict[str, object]]:
    for number, user_id in enumerate(ids.users, start=1):
        key = {"PK": f"USER#{user_id}"}
        yield key | {
            "SK": "PROFILE",
            "userId": user_id,
            "email": f"student{number}@log.example.edu",
            "name": f"Student {number}",
            "university": "Answer Log University",
            "created": f"{until.replace(year=until.year - 1, day=1)}T00:00:00Z",
            "timezone": "UTC",
            "emailVerified": True,
            "onboardingCompleted": True,
        }
        yield key | {
            "SK": "SETTINGS",
            "notifications": {"email": True, "weeklyReport": True},
            "privacy": {"profileVisible": True, "shareProgress": True, "anonymousCommunity": False},
        }


def _reputation(user_id: str) -> dict[str, object]:
    return {
        "PK": f"USER#{user_id}",
        "SK": "REPUTATION",
        "reputation": 0,
        "reputationHistory": [],
        "postsCount": 0,
        "answersCount": 0,
        "acceptedAnswersCount": 0,
        "helpfulVotesReceived": 0,
        "badges": [],
    }


def _attempt(log: AnswerLog, ids: LogIds, session: Session, shift: int) -> dict[str, object]:
    rows = slice(session.start, session.stop)
    seconds = np.nan_to_num(log.seconds[rows]).round().astype(np.int64)
    start = int(log.moment[session.start]) - int(seconds[0]) + shift
    end = max(start, int(log.moment[session.stop - 1]) + shift)
    start_text, end_text = iso_seconds(np.array([start, end]))
    total = session.stop - session.start
    correct = int(log.is_correct[rows].sum())
    test_id = ids.test(session.number)
    return {
        "PK": f"USER#{ids.users[session.user]}",
        "SK": f"PROGRESS#{test_id}#{start_text}",
        "attemptId": str(uuid.uuid5(ids.namespace, f"attempt:{session.user}:{session.number}")),
        "testId": test_id,
        "testName": f"Practice {session.number}",
        "subjectId": ids.subject,
        "subjectName": ids.name,
        "score": correct,
        "totalQuestions": total,
        "correctAnswers": correct,
        "incorrectAnswers": total - correct,
        "skippedQuestions": 0,
        "percentageScore": percentage(correct, total),
        "startTime": start_text,
        "endTime": end_text,
        "timeSpentSeconds": int(seconds.sum()),
        "answers": list(_answers(log, ids, session)),
        "completed": True,
        "graded": True,
    }


def _answers(log: AnswerLog, ids: LogIds, session: Session) -> Iterator[dict[str, object]]:
    for row in range(session.start, session.stop):
        answer: dict[str, object] = {
            "questionId": ids.questions[log.item[row]],
            "correct": bool(log.is_correct[row]),
        }
        if not np.isnan(log.seconds[row]):
            answer["timeSpent"] = round(float(log.seconds[row]))
        yield answer
