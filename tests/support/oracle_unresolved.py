"""What the catalogue does not know, slowly, from plain rows."""

from collections import defaultdict
from collections.abc import Iterator

from nasty_catalogue import slug
from oracle_attempts import (
    Row,
    Tables,
    eligible,
    happened,
    instant,
    known_users,
    question,
    resolve_subject,
    resolve_test,
)
from oracle_rankings import living_posts

Found = tuple[str, str, int]
"""kind, reference, epoch microseconds."""


def unresolved_references(tables: Tables) -> list[Row]:
    seen = defaultdict(list)
    for kind, reference, at in (*_in_attempts(tables), *_topics(tables), *_in_posts(tables)):
        seen[kind, reference].append(at)
    return [
        {
            "kind": kind,
            "reference": reference,
            "occurrences": len(times),
            "first_seen": instant(min(times)),
            "last_seen": instant(max(times)),
        }
        for (kind, reference), times in seen.items()
    ]


def _in_attempts(tables: Tables) -> Iterator[Found]:
    for row in tables["core_attempts"]:
        if resolve_subject(tables, row["subject_ref"], row["subject_name"]) is None:
            yield "subject", row["subject_ref"], happened(row)
        if resolve_test(tables, row["test_id"]) is None:
            yield "test", row["test_id"], happened(row)
        if row["user_id"] not in known_users(tables):
            yield "unknown_user", row["user_id"], happened(row)
        for answer in row["answers"] or []:
            if question(tables, answer["question_ref"]) is None:
                yield "question", answer["question_ref"], happened(row)


def _topics(tables: Tables) -> Iterator[Found]:
    for row in eligible(tables):
        if not row["answers"]:
            subject = resolve_subject(tables, row["subject_ref"], row["subject_name"])
            for entry in row["topic_performance"] or []:
                if resolve_topic(tables, subject, entry["topic_ref"]) is None:
                    yield "topic", entry["topic_ref"], happened(row)


def resolve_topic(tables: Tables, subject: str | None, reference: str) -> str | None:
    """Return the topic of the subject that an id, else a slug, stands for, or None."""
    topics = [row for row in tables["catalogue_topics"] if row["subject_id"] == subject]
    ids = [row["topic_id"] for row in topics if row["topic_id"] == reference.lower()]
    slugs = [row["topic_id"] for row in topics if slug(row["name"]) == slug(reference)]
    if ids:
        return str(ids[0])
    return str(slugs[0]) if len(slugs) == 1 else None


def _in_posts(tables: Tables) -> Iterator[Found]:
    for post in living_posts(tables).values():
        if post["subject_id"] is None:
            written, under_topic = post["subject_ref"], post["parent_kind"] == "TOPIC"
            kind = "topic" if written is None and under_topic else "subject"
            yield kind, post["parent_id"] if written is None else written, post["created_at_micros"]
