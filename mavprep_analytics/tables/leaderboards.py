"""Subject performance by day, and test leaderboards."""

from mavprep_analytics.tables.declaration import (
    ATTEMPT,
    BIGINT,
    DATE,
    EXACT,
    INTEGER,
    SECONDS,
    TEXT,
    TIMESTAMP,
    UUID,
    Column,
    Layer,
    Pii,
    Table,
    decimal,
    user_id,
)

_COUNT_NAMES = (
    "easy_correct",
    "easy_total",
    "medium_correct",
    "medium_total",
    "hard_correct",
    "hard_total",
)

attempt_levels = Table(
    "attempt_levels",
    Layer.MART,
    "leaderboards",
    "attempt with answers, eligible or not",
    ATTEMPT,
    (
        user_id(),
        Column("test_id", TEXT, "As in the attempt."),
        Column("attempt_key", TEXT, "As in core_attempts."),
        Column("answers", BIGINT, "Entries of answers.", minimum=1),
        *(Column(name, BIGINT, "By difficulty.", minimum=0) for name in _COUNT_NAMES),
    ),
    note="Answers to questions that the catalogue does not know count in no level.",
    by_attempt=True,
)

subject_performance = Table(
    "subject_performance",
    Layer.MART,
    "leaderboards",
    "student, subject and local date with an eligible attempt",
    ("user_id", "subject_id", "date"),
    (
        user_id(),
        Column("subject_id", UUID, "The subject.", references="subjects.id"),
        Column("date", DATE, "Local date of the attempts."),
        Column("tests_taken", INTEGER, "Eligible attempts.", minimum=1),
        Column("questions_answered", INTEGER, "Correct plus incorrect answers.", minimum=0),
        Column("correct_answers", INTEGER, "Correct answers.", minimum=0),
        Column("average_score", decimal(5, 2), "Mean percentageScore.", unit="percent"),
        Column("study_time_minutes", INTEGER, "Time spent in tests.", unit="minutes", minimum=0),
        *(Column(name, INTEGER, "By difficulty.", minimum=0) for name in _COUNT_NAMES),
    ),
    published=True,
    note="Students with a PROFILE only. Columns and types as in MavPrep's schema document.",
    by_student=True,
)

_TEMPLATE = Column(
    "test_template_id",
    UUID,
    "Null: the test is not in the catalogue.",
    nullable=True,
    references="test_templates.id",
)

best_attempts = Table(
    "best_attempts",
    Layer.MART,
    "leaderboards",
    "student with PROFILE and test with an eligible attempt",
    ("user_id", "test_id"),
    (
        user_id(),
        Column("test_id", TEXT, "As in the attempts."),
        _TEMPLATE,
        Column("attempts", INTEGER, "Eligible attempts.", minimum=1),
        Column("score", EXACT, "Of the best attempt: highest score, then least time, then first."),
        Column("seconds", SECONDS, "Its time.", unit="seconds"),
        Column("at_micros", BIGINT, "endTime, else startTime.", unit="microseconds since 1970 UTC"),
    ),
    by_student=True,
)

test_leaderboard = Table(
    "test_leaderboard",
    Layer.MART,
    "leaderboards",
    "test and student with an eligible attempt",
    ("test_id", "user_id"),
    (
        Column("test_id", TEXT, "As in the attempts."),
        _TEMPLATE,
        user_id(),
        Column("rank", INTEGER, "1 + students with a better (score, time) pair.", minimum=1),
        Column("dense_rank", INTEGER, "1 + better pairs.", minimum=1),
        Column("tie_size", INTEGER, "Students with this pair, oneself included.", minimum=1),
        Column("participants", INTEGER, "Students on the board.", minimum=1),
        Column("percentile", decimal(5, 2), "100 (B + 0.5 E) / n.", unit="percent"),
        Column("attempts", INTEGER, "Eligible attempts of the student at the test.", minimum=1),
        Column("score", EXACT, "Of the best attempt.", unit="points"),
        Column("seconds", SECONDS, "Of the best attempt.", unit="seconds"),
        Column("achieved_at", TIMESTAMP, "endTime of the best attempt, else startTime."),
        Column(
            "display_name",
            TEXT,
            "Null unless the student shows both profile and progress.",
            nullable=True,
            pii=Pii.IDENTITY,
        ),
    ),
    published=True,
)

TABLES = (attempt_levels, subject_performance, best_attempts, test_leaderboard)
