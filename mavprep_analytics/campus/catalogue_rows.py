"""The simulated catalogue as rows of MavPrep's Postgres tables."""

import uuid
from collections.abc import Iterator
from datetime import date

import numpy as np

from mavprep_analytics.campus.catalogue import BANDS, OPTIONS, Catalogue
from mavprep_analytics.campus.catalogue_files import Row
from mavprep_analytics.campus.curriculum import COURSES, INSTRUCTORS

_LEVELS = ("beginner", "intermediate", "advanced")
_LURES = ("is the opposite", "forgets the constant", "mixes up two rules", "is off by one")


def catalogue_rows(catalogue: Catalogue, first_day: date) -> dict[str, Iterator[Row]]:
    """Return every table's rows, keyed by table name."""
    made = f"{first_day.replace(year=first_day.year - 1)}T08:00:00"
    return {
        "subjects": _subjects(catalogue, made),
        "topics": _topics(catalogue, made),
        "questions": _questions(catalogue, made),
        "question_options": _options(catalogue, made),
        "test_templates": _tests(catalogue, made),
        "test_questions": _test_questions(catalogue, made),
        "video_lessons": _lessons(catalogue, made),
    }


def _id(catalogue: Catalogue, name: str) -> str:
    return str(uuid.uuid5(catalogue.namespace, name))


def _subjects(catalogue: Catalogue, made: str) -> Iterator[Row]:
    for subject_id, course in zip(catalogue.subject_ids, COURSES, strict=True):
        yield {
            "id": subject_id,
            "code": course.code,
            "name": course.name,
            "description": f"{course.name} for first-year students",
            "university": course.university,
            "department": course.department,
            "credit_hours": 4,
            "level": "undergraduate",
            "is_active": True,
            "created_at": made,
            "updated_at": made,
        }


def _topics(catalogue: Catalogue, made: str) -> Iterator[Row]:
    for topic in catalogue.topics:
        yield {
            "id": topic.id,
            "subject_id": catalogue.subject_ids[topic.subject],
            "parent_topic_id": catalogue.topics[topic.parent].id if topic.parent >= 0 else None,
            "name": topic.name,
            "description": None,
            "order_index": topic.order,
            "difficulty_level": _LEVELS[min(topic.depth - 1, 2)],
            "estimated_study_hours": "2.50" if topic.leaf >= 0 else None,
            "created_at": made,
            "updated_at": made,
        }


def _questions(catalogue: Catalogue, made: str) -> Iterator[Row]:
    questions = catalogue.questions
    for number, question_id in enumerate(questions.ids):
        topic = catalogue.leaf_topics[int(questions.leaf[number])]
        is_two = bool(questions.has_two_options[number])
        yield {
            "id": question_id,
            "topic_id": topic.id,
            "question_text": f"{topic.name}, question {number}: which statement holds?",
            "question_type": "true_false" if is_two else "multiple_choice",
            "difficulty_level": BANDS[int(questions.band[number])],
            "points": int(questions.band[number]) + 1,
            "explanation": f"See the lesson on {topic.name}.",
            "is_verified": True,
            "is_active": bool(questions.is_active[number]),
            "source": "instructor",
            "created_at": made,
            "updated_at": made,
        }


def _options(catalogue: Catalogue, made: str) -> Iterator[Row]:
    questions = catalogue.questions
    for number, question_id in enumerate(questions.ids):
        is_two = bool(questions.has_two_options[number])
        for place in range(2 if is_two else 4):
            text = (
                ("True", "False")[place] if is_two else f"Option {OPTIONS[place]} {_LURES[place]}"
            )
            yield {
                "id": _id(catalogue, f"option:{number}:{place}"),
                "question_id": question_id,
                "option_text": text,
                "option_label": OPTIONS[place],
                "is_correct": place == int(questions.key[number]),
                "order_index": place + 1,
                "explanation": None,
                "created_at": made,
            }


def _tests(catalogue: Catalogue, made: str) -> Iterator[Row]:
    tests = catalogue.tests
    for number, test_id in enumerate(tests.ids):
        presented = tests.questions[number][tests.questions[number] >= 0]
        yield {
            "id": test_id,
            "subject_id": catalogue.subject_ids[int(tests.subject[number])],
            "name": tests.names[number],
            "description": None,
            "duration_minutes": 2 * len(presented),
            "total_points": int((catalogue.questions.band[presented] + 1).sum()),
            "passing_score": 60,
            "is_published": True,
            "created_at": made,
            "updated_at": made,
            "published_at": made,
        }


def _test_questions(catalogue: Catalogue, made: str) -> Iterator[Row]:
    tests = catalogue.tests
    for number, place in np.argwhere(tests.questions >= 0).tolist():
        yield {
            "id": _id(catalogue, f"place:{number}:{place}"),
            "test_template_id": tests.ids[number],
            "question_id": catalogue.questions.ids[int(tests.questions[number, place])],
            "order_index": place + 1,
            "created_at": made,
        }


def _lessons(catalogue: Catalogue, made: str) -> Iterator[Row]:
    for topic in catalogue.topics:
        for part in (1, 2) if topic.leaf >= 0 else (1,):
            key = f"lessons/{topic.id}/{part}.mp4"
            yield {
                "id": _id(catalogue, f"lesson:{topic.id}:{part}"),
                "topic_id": topic.id,
                "title": f"{topic.name}, part {part}" if topic.leaf >= 0 else f"About {topic.name}",
                "description": None,
                "duration_seconds": 420 + 180 * part,
                "quality_levels": "{480p,720p,1080p}",
                "s3_key": key,
                "cloudfront_url": f"https://d123abc.cloudfront.net/{key}",
                "instructor_name": INSTRUCTORS[topic.subject % len(INSTRUCTORS)],
                "difficulty_level": _LEVELS[min(topic.depth - 1, 2)],
                "is_published": not (topic.leaf % 17 == 16 and part == 2),
                "is_free": True,
                "created_at": made,
                "updated_at": made,
                "published_at": made,
            }
