"""What several metrics stand on: eligible attempts, and references that did not resolve."""

from mavprep_analytics.tables.declaration import (
    ATTEMPT,
    BIGINT,
    BOOLEAN,
    EXACT,
    SECONDS,
    TEXT,
    TIMESTAMP,
    UUID,
    Column,
    Layer,
    Table,
    user_id,
)

_COUNTS = tuple(
    Column(name, BIGINT, "As in core_attempts.", minimum=0)
    for name in ("total_questions", "correct_answers", "incorrect_answers", "skipped_questions")
)

eligible_attempts = Table(
    "eligible_attempts",
    Layer.CORE,
    "attempts",
    "eligible (completed and graded) attempt",
    ("user_id", "test_id", "attempt_key"),
    (
        user_id(),
        Column("is_known_user", BOOLEAN, "Whether the student has a PROFILE item."),
        Column("test_id", TEXT, "As in the attempt."),
        Column("attempt_key", TEXT, "As in core_attempts."),
        Column("attempt_id", TEXT, "attemptId, else test_id#attempt_key: breaks ties."),
        Column("test_template_id", UUID, "Null: the test is not in the catalogue.", nullable=True),
        Column("subject_id", UUID, "Null: the subject did not resolve.", nullable=True),
        Column("score", EXACT, "As in core_attempts."),
        Column("percentage_score", EXACT, "As in core_attempts.", unit="percent"),
        Column("time_spent_seconds", SECONDS, "As in core_attempts.", unit="seconds"),
        *_COUNTS,
        Column("at_micros", BIGINT, "endTime, else startTime.", unit="microseconds since 1970 UTC"),
        Column("utc_day", BIGINT, "UTC date of at_micros.", unit="days since 1970"),
        Column(
            "local_day",
            BIGINT,
            "Local date of at_micros in the student's zone.",
            unit="days since 1970",
        ),
    ),
    note="Attempts of students without PROFILE are in it; metrics decide.",
    by_student=True,
)

topic_results = Table(
    "topic_results",
    Layer.MART,
    "attempts",
    "eligible attempt without answers and topic of its topicPerformance",
    (*ATTEMPT, "topic_ref"),
    (
        user_id(),
        Column("test_id", TEXT, "As in the attempt."),
        Column("attempt_key", TEXT, "As in core_attempts."),
        Column("topic_ref", TEXT, "The topic as written."),
        Column("topic_id", UUID, "Null: it did not resolve.", nullable=True),
        Column("at_micros", BIGINT, "endTime, else startTime.", unit="microseconds since 1970 UTC"),
        Column("utc_day", BIGINT, "UTC date of at_micros.", unit="days since 1970"),
        Column("correct", BIGINT, "Correct answers, at most all of them.", minimum=0),
        Column("total", BIGINT, "Answers.", minimum=0),
    ),
    by_attempt=True,
)

_KIND = Column(
    "kind",
    TEXT,
    "What it should name.",
    allowed=("subject", "question", "topic", "test", "unknown_user"),
)
_OCCURRENCES = Column("occurrences", BIGINT, "Items or answers that hold it.", minimum=1)

missing_references = Table(
    "missing_references",
    Layer.MART,
    "attempts",
    "attempt and reference of it that the catalogue does not know",
    (*ATTEMPT, "kind", "reference"),
    (
        user_id(),
        Column("test_id", TEXT, "As in the attempt."),
        Column("attempt_key", TEXT, "As in core_attempts."),
        _KIND,
        Column("reference", TEXT, "As written."),
        Column("at_micros", BIGINT, "endTime, else startTime.", unit="microseconds since 1970 UTC"),
        _OCCURRENCES,
    ),
    by_attempt=True,
)

unknown_students = Table(
    "unknown_students",
    Layer.MART,
    "attempts",
    "student without PROFILE who has attempts",
    ("user_id",),
    (
        user_id(),
        Column("attempts", BIGINT, "Attempts, eligible or not.", minimum=1),
        Column("first_micros", BIGINT, "Earliest attempt.", unit="microseconds since 1970 UTC"),
        Column("last_micros", BIGINT, "Latest attempt.", unit="microseconds since 1970 UTC"),
    ),
    by_student=True,
)

unresolved_references = Table(
    "unresolved_references",
    Layer.MART,
    "attempts",
    "kind and value of a reference that the catalogue does not know, or a student without PROFILE",
    ("kind", "reference"),
    (
        _KIND,
        Column("reference", TEXT, "As written."),
        _OCCURRENCES,
        Column("first_seen", TIMESTAMP, "Earliest event that holds it."),
        Column("last_seen", TIMESTAMP, "Latest event that holds it."),
    ),
    published=True,
)

TABLES = (
    eligible_attempts,
    topic_results,
    missing_references,
    unknown_students,
    unresolved_references,
)
