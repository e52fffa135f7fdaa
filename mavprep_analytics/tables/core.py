"""The core tables: the current state of every DynamoDB item kind, at item grain, typed.

Free text, e-mail addresses and names are not here, except in `core_identities`, the one restricted table.
Times are microseconds since 1970-01-01T00:00Z. Nested lists keep one row per item. Keys come from PK and SK.
`table_arn` is always the last column. Files are sorted by key; kinds with a timestamp or date in their key are
kept in one file per UTC month of it, so that a night rewrites only the months that changed.
"""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    DATE,
    EXACT,
    SECONDS,
    TEXT,
    Column,
    Layer,
    Pii,
    Table,
    list_of,
    rows_of,
    user_id,
)

_TABLE_ARN = Column("table_arn", TEXT, "The DynamoDB table that the item was exported from.")


def _core(name: str, grain: str, key: tuple[str, ...], *columns: Column, note: str = "") -> Table:
    return Table(name, Layer.CORE, "core", grain, key, (*columns, _TABLE_ARN), note=note)


def _count(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, BIGINT, meaning, nullable=nullable, minimum=0)


def _micros(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, BIGINT, meaning, unit="microseconds since 1970 UTC", nullable=nullable)


core_profiles = _core(
    "core_profiles",
    "student with a PROFILE item",
    ("user_id",),
    user_id(),
    Column("university", TEXT, "As in the profile; null: none given.", nullable=True),
    Column("timezone", TEXT, "As in the profile, checked later; null: none given.", nullable=True),
    Column("is_email_verified", BOOLEAN, "emailVerified."),
    _micros("created_at_micros", "Null: not given.", nullable=True),
)

core_identities = _core(
    "core_identities",
    "student with a PROFILE item",
    ("user_id",),
    user_id(),
    Column("email", TEXT, "Null: not given.", nullable=True, pii=Pii.IDENTITY),
    Column("name", TEXT, "Null: not given.", nullable=True, pii=Pii.IDENTITY),
    note="Restricted: the only table that holds names and addresses; rewritten whole, no history.",
)

core_settings = _core(
    "core_settings",
    "student with a SETTINGS item",
    ("user_id",),
    user_id(),
    Column("wants_email", BOOLEAN, "notifications.email; missing counts as false."),
    Column("wants_weekly_report", BOOLEAN, "notifications.weeklyReport; missing counts as false."),
    Column("is_profile_visible", BOOLEAN, "privacy.profileVisible; missing counts as false."),
    Column("shares_progress", BOOLEAN, "privacy.shareProgress; missing counts as false."),
    Column("is_anonymous_in_community", BOOLEAN, "privacy.anonymousCommunity; missing is false."),
    Column("language", TEXT, "preferences.language; null: none given.", nullable=True),
)

core_reputations = _core(
    "core_reputations",
    "student with a REPUTATION item",
    ("user_id",),
    user_id(),
    Column("reputation", BIGINT, "The reputation score.", unit="points"),
    _count("global_rank", "As last written to the item; null: never.", nullable=True),
    _count("university_rank", "As last written to the item; null: never or none.", nullable=True),
    Column(
        "subject_ranks",
        rows_of(Column("subject_id", TEXT, "Key of the map."), _count("rank", "Its value.")),
        "As last written, ordered by subject_id; null: never.",
        nullable=True,
    ),
    Column("ranks_as_of", TEXT, "ISO date of the last write-back; null: never.", nullable=True),
    Column(
        "history",
        rows_of(
            Column("earned_on", DATE, "UTC date."),
            Column("change", BIGINT, "Points won or lost.", unit="points"),
            Column("reason", TEXT, "As given.", nullable=True),
        ),
        "reputationHistory in the item's order; null: absent.",
        nullable=True,
    ),
    Column(
        "badges",
        rows_of(Column("badge_id", TEXT, "Id."), Column("earned_on", DATE, "Null: unknown.")),
        "Null: absent.",
        nullable=True,
    ),
)

_ANSWER = rows_of(
    Column("position", BIGINT, "Place in the attempt, from 1."),
    Column("question_ref", TEXT, "questionId as written."),
    Column("selected_option", TEXT, "Null: not recorded.", nullable=True),
    Column("is_correct", BOOLEAN, "As graded."),
    Column(
        "seconds",
        SECONDS,
        "Time spent; null: not recorded, or outside 0 to 14,400 s (then counted in raw_drift).",
        unit="seconds",
        nullable=True,
    ),
)

_OF_LEVEL = " by difficultyBreakdown; 0: it lacks the level; null: there is none."

core_attempts = _core(
    "core_attempts",
    "test attempt",
    ("user_id", "test_id", "attempt_key"),
    user_id(),
    Column("test_id", TEXT, "From the key; may not be in the catalogue."),
    Column("attempt_key", TEXT, "The timestamp part of the key, verbatim."),
    Column("attempt_id", TEXT, "attemptId; null: absent.", nullable=True),
    Column("subject_ref", TEXT, "subjectId as written: an id or a code."),
    Column("subject_name", TEXT, "subjectName; null: absent.", nullable=True),
    Column("score", EXACT, "score, as written.", unit="points"),
    Column("percentage_score", EXACT, "percentageScore.", unit="percent", minimum=0, maximum=100),
    _count("total_questions", "totalQuestions."),
    _count("correct_answers", "correctAnswers."),
    _count("incorrect_answers", "incorrectAnswers."),
    _count("skipped_questions", "skippedQuestions."),
    _micros("started_at_micros", "startTime, which the key states too."),
    _micros("ended_at_micros", "endTime; null: absent.", nullable=True),
    Column("time_spent_seconds", SECONDS, "timeSpentSeconds.", unit="seconds", minimum=0),
    Column("is_completed", BOOLEAN, "completed: handed in, not abandoned."),
    Column("is_graded", BOOLEAN, "graded: marked, so that it may count."),
    Column("answers", _ANSWER, "Null: absent or NULL; empty: an empty list.", nullable=True),
    Column(
        "topic_performance",
        rows_of(
            Column("topic_ref", TEXT, "Key of the map: a topic id or name."),
            _count("correct", "correct."),
            _count("total", "total."),
        ),
        "Ordered by topic_ref; null: absent.",
        nullable=True,
    ),
    _count("easy_correct", "Easy questions answered right" + _OF_LEVEL, nullable=True),
    _count("easy_total", "Easy questions" + _OF_LEVEL, nullable=True),
    _count("medium_correct", "Medium questions answered right" + _OF_LEVEL, nullable=True),
    _count("medium_total", "Medium questions" + _OF_LEVEL, nullable=True),
    _count("hard_correct", "Hard questions answered right" + _OF_LEVEL, nullable=True),
    _count("hard_total", "Hard questions" + _OF_LEVEL, nullable=True),
)

core_daily_activities = _core(
    "core_daily_activities",
    "student and local date with a DAILY item",
    ("user_id", "activity_date"),
    user_id(),
    Column("activity_date", DATE, "From the key: the student's local date."),
    _count("tests_completed", "testsCompleted."),
    _count("questions_answered", "questionsAnswered."),
    _count("correct_answers", "correctAnswers."),
    Column("study_time_minutes", EXACT, "studyTimeMinutes.", unit="minutes", minimum=0),
    _count("videos_watched", "videosWatched."),
    _count("flashcards_reviewed", "flashcardsReviewed."),
)

core_flashcards = _core(
    "core_flashcards",
    "flashcard of a student",
    ("user_id", "card_id"),
    user_id(),
    Column("card_id", TEXT, "From the key."),
    Column("deck_id", TEXT, "Null: absent.", nullable=True),
    Column("interval_days", EXACT, "SM-2 interval.", unit="days", minimum=0),
    _count("repetition", "Successful reviews in a row."),
    Column("ease_factor", EXACT, "SM-2 ease factor; null: absent.", nullable=True),
    _micros("next_review_at_micros", "Null: never scheduled.", nullable=True),
    _micros("last_reviewed_at_micros", "Null: never reviewed.", nullable=True),
    _count("review_count", "reviewCount."),
    _count("correct_count", "correctCount."),
    _count("incorrect_count", "incorrectCount."),
    Column("tags", list_of(TEXT), "In the item's order; null: absent.", nullable=True),
)

core_decks = _core(
    "core_decks",
    "flashcard deck of a student",
    ("user_id", "deck_id"),
    user_id(),
    Column("deck_id", TEXT, "From the key."),
    Column("subject_ref", TEXT, "subjectId as written; null: absent.", nullable=True),
)

core_study_plans = _core(
    "core_study_plans",
    "study plan of a student",
    ("user_id", "plan_id"),
    user_id(),
    Column("plan_id", TEXT, "From the key."),
    Column("plan_name", TEXT, "Null: absent.", nullable=True),
    Column("status", TEXT, "active, completed, paused or abandoned; as written."),
    _micros("exam_at_micros", "examDate; null: absent.", nullable=True),
    Column("target_score", EXACT, "Null: absent.", nullable=True),
    _count("tasks_completed", "tasksCompleted."),
    _count("tasks_total", "tasksTotal."),
    Column(
        "tasks",
        rows_of(
            Column("subject_ref", TEXT, "subjectId.", nullable=True),
            Column("subject_name", TEXT, "subjectName.", nullable=True),
            Column("topic_ref", TEXT, "topicId.", nullable=True),
            Column("topic_name", TEXT, "topicName.", nullable=True),
            Column("scheduled_on", DATE, "scheduledDate; null: not scheduled.", nullable=True),
            Column("is_completed", BOOLEAN, "completed; missing counts as false."),
        ),
        "One per topic of the plan's subjects; null: absent.",
        nullable=True,
    ),
    Column(
        "milestones",
        rows_of(
            Column("due_on", DATE, "date."),
            Column("description", TEXT, "As the student wrote it.", nullable=True),
            Column("is_completed", BOOLEAN, "completed; missing counts as false."),
            Column("completed_on", DATE, "completedDate; null: not given.", nullable=True),
        ),
        "Null: absent.",
        nullable=True,
    ),
    _micros("created_at_micros", "Null: absent.", nullable=True),
)

core_posts = _core(
    "core_posts",
    "copy of a community post (one under COMMUNITY, one under TOPIC, or both)",
    ("parent_kind", "parent_id", "post_key", "post_id"),
    Column("parent_kind", TEXT, "Prefix of the partition key.", allowed=("COMMUNITY", "TOPIC")),
    Column("parent_id", TEXT, "The subject or topic of the partition key, as written."),
    Column("post_key", TEXT, "The timestamp part of the key, verbatim."),
    Column("post_id", TEXT, "From the key."),
    user_id("The author."),
    Column("subject_ref", TEXT, "subjectId as written; null: absent.", nullable=True),
    Column("subject_name", TEXT, "subjectName; null: absent.", nullable=True),
    _count("likes", "likes."),
    Column("is_reported", BOOLEAN, "isReported."),
    _micros("created_at_micros", "created, else the key's timestamp."),
)

core_comments = _core(
    "core_comments",
    "comment on a post",
    ("post_id", "comment_key", "comment_id"),
    Column("post_id", TEXT, "From the key."),
    Column("comment_key", TEXT, "The timestamp part of the key, verbatim."),
    Column("comment_id", TEXT, "From the key."),
    user_id("The author."),
    _count("likes", "likes."),
    Column("is_answer", BOOLEAN, "isAnswer: accepted."),
    Column("is_reported", BOOLEAN, "isReported."),
    _micros("created_at_micros", "created, else the key's timestamp."),
)

TABLES = (
    core_profiles,
    core_identities,
    core_settings,
    core_reputations,
    core_attempts,
    core_daily_activities,
    core_flashcards,
    core_decks,
    core_study_plans,
    core_posts,
    core_comments,
)
