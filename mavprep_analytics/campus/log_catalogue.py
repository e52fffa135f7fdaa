"""The catalogue of a converted answer log: its identifiers and its rows."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mavprep_analytics.campus.answer_sessions import AnswerLog, Session
from mavprep_analytics.campus.catalogue_files import Row


@dataclass(frozen=True)
class LogIds:
    """Identifiers of a log's users, questions and topics, in the order of the log's names."""

    name: str
    namespace: uuid.UUID
    users: list[str]
    questions: list[str]
    topics: list[str]

    @classmethod
    def of(cls, log: AnswerLog, name: str) -> "LogIds":
        """Return uuid5 identifiers within the log's name, e.g. of `item:17`."""
        space = uuid.uuid5(uuid.NAMESPACE_URL, f"mavprep-log:{name}")

        def ids(kind: str, values: list[str]) -> list[str]:
            return [str(uuid.uuid5(space, f"{kind}:{value}")) for value in values]

        return cls(
            name, space, ids("user", log.users), ids("item", log.items), ids("skill", log.skills)
        )

    @property
    def subject(self) -> str:
        """The only subject."""
        return str(uuid.uuid5(self.namespace, "subject"))

    def test(self, number: int) -> str:
        """The practice test of everybody's n-th session."""
        return str(uuid.uuid5(self.namespace, f"test:{number}"))


def log_catalogue_rows(
    log: AnswerLog, ids: LogIds, attempts: list[Session], until: date
) -> dict[str, Iterator[Row]]:
    """Return every catalogue table's rows."""
    made = f"{until.replace(year=until.year - 1, day=1)}T08:00:00"
    presented = _presented(log, attempts)
    return {
        "subjects": _subject(ids, made),
        "topics": _topics(log, ids, made),
        "questions": _questions(log, ids, made),
        "question_options": iter(()),
        "test_templates": _tests(ids, presented, made),
        "test_questions": _test_questions(ids, presented, made),
        "video_lessons": _lessons(log, ids, made),
    }


def _presented(log: AnswerLog, attempts: list[Session]) -> dict[int, list[int]]:
    """Return the items that each practice test showed to anybody, by session number."""
    items: dict[int, set[int]] = {}
    for session in attempts:
        seen = log.item[session.start : session.stop]
        items.setdefault(session.number, set()).update(seen.tolist())
    return {number: sorted(found) for number, found in sorted(items.items())}


def _subject(ids: LogIds, made: str) -> Iterator[Row]:
    yield {
        "id": ids.subject,
        "code": ids.name[:50],
        "name": ids.name,
        "university": "Answer Log University",
        "is_active": True,
        "created_at": made,
        "updated_at": made,
    }


def _topics(log: AnswerLog, ids: LogIds, made: str) -> Iterator[Row]:
    for order, (topic_id, skill) in enumerate(zip(ids.topics, log.skills, strict=True), start=1):
        yield {
            "id": topic_id,
            "subject_id": ids.subject,
            "name": f"Skill {skill}",
            "order_index": order,
            "created_at": made,
            "updated_at": made,
        }


def _questions(log: AnswerLog, ids: LogIds, made: str) -> Iterator[Row]:
    skill_of = log.skill_of_item()
    for item, (question_id, name) in enumerate(zip(ids.questions, log.items, strict=True)):
        yield {
            "id": question_id,
            "topic_id": ids.topics[int(skill_of[item])],
            "question_text": f"Item {name}",
            "question_type": "short_answer",
            "difficulty_level": "medium",
            "is_verified": True,
            "is_active": True,
            "created_at": made,
            "updated_at": made,
        }


def _tests(ids: LogIds, presented: dict[int, list[int]], made: str) -> Iterator[Row]:
    for number in presented:
        yield {
            "id": ids.test(number),
            "subject_id": ids.subject,
            "name": f"Practice {number}",
            "is_published": True,
            "created_at": made,
            "updated_at": made,
        }


def _test_questions(ids: LogIds, presented: dict[int, list[int]], made: str) -> Iterator[Row]:
    for number, items in presented.items():
        for place, item in enumerate(items, start=1):
            yield {
                "id": str(uuid.uuid5(ids.namespace, f"place:{number}:{ids.questions[item]}")),
                "test_template_id": ids.test(number),
                "question_id": ids.questions[item],
                "order_index": place,
                "created_at": made,
            }


def _lessons(log: AnswerLog, ids: LogIds, made: str) -> Iterator[Row]:
    for topic_id, skill in zip(ids.topics, log.skills, strict=True):
        key = f"lessons/{topic_id}.mp4"
        yield {
            "id": str(uuid.uuid5(ids.namespace, f"lesson:{topic_id}")),
            "topic_id": topic_id,
            "title": f"Skill {skill}, explained",
            "duration_seconds": 600,
            "s3_key": key,
            "cloudfront_url": f"https://d123abc.cloudfront.net/{key}",
            "is_published": True,
            "is_free": True,
            "created_at": made,
            "updated_at": made,
        }
