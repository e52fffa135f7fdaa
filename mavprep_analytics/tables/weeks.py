"""What a student did in a week: the study signals of the weekly report."""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    DATE,
    INTEGER,
    TEXT,
    Column,
    Layer,
    Pii,
    Table,
    decimal,
    user_id,
)


def _count(name: str, meaning: str, unit: str | None = None, *, nullable: bool = False) -> Column:
    return Column(name, INTEGER, meaning, unit=unit, nullable=nullable, minimum=0)


study_days = Table(
    "study_days",
    Layer.MART,
    "weeks",
    "student with a PROFILE and local date with an attempt or a DAILY item",
    ("user_id", "day"),
    (
        user_id(),
        Column("day", BIGINT, "The date.", unit="days since 1970"),
        *(
            Column(name, BIGINT, meaning, unit=unit, nullable=True, minimum=0)
            for name, meaning, unit in (
                ("tests", "Of the DAILY item, else eligible attempts; null: none.", None),
                ("questions", "Alike: correct plus incorrect answers. Null: none.", None),
                ("correct", "Alike: correct answers. Null: none.", None),
                ("minutes", "Alike: rounded half away from zero. Null: none.", "minutes"),
            )
        ),
        Column("flashcards", BIGINT, "Reviewed, of the DAILY item.", minimum=0),
        Column("is_active", BOOLEAN, "A completed attempt or a non-empty DAILY item."),
        Column("counts_as_activity", BOOLEAN, "An eligible attempt or a non-empty DAILY item."),
    ),
    by_student=True,
)

student_week = Table(
    "student_week",
    Layer.MART,
    "weeks",
    "student with a PROFILE and ISO week: the last six weeks that end with as-of's",
    ("user_id", "week_start"),
    (
        user_id(),
        Column("week_start", DATE, "The Monday, local to the student."),
        _count(
            "tests", "Tests; like the next three of the DAILY item of a date, else of attempts."
        ),
        _count("questions", "Correct plus incorrect answers."),
        _count("correct", "Correct answers."),
        _count(
            "study_minutes",
            "The sum of its days' minutes, each rounded half away from zero.",
            "minutes",
        ),
        *(
            _count(f"minutes_{day}", "Study minutes of that day.", "minutes")
            for day in (
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            )
        ),
        _count("active_days", "Local dates with a completed attempt or a non-empty DAILY item."),
        _count("flashcards_reviewed", "Of DAILY items."),
        _count(
            "streak_days",
            "Run of active dates that ends at the week's last past day or the day before.",
        ),
        _count("longest_streak_days", "Longest run up to then."),
        Column(
            "is_active",
            BOOLEAN,
            "At least one eligible attempt or non-empty DAILY item in the week.",
        ),
        Column(
            "is_active_in_four_weeks",
            BOOLEAN,
            "The same for the four weeks that end with this one.",
        ),
        _count(
            "cards_due",
            "Flashcards due by the end of next Monday, local; as-of's week only, else null.",
            nullable=True,
        ),
        _count(
            "cards_lapsed",
            "SM-2 cards with repetition 0 reviewed in the week; null: not as-of's week.",
            nullable=True,
        ),
        _count("plan_tasks_planned", "Tasks of active plans scheduled in the week."),
        _count("plan_tasks_done", "Of them, completed."),
        Column(
            "next_milestone_on",
            DATE,
            "Earliest open milestone of active plans from the week's last past day on; null: none.",
            nullable=True,
        ),
        Column(
            "next_milestone",
            TEXT,
            "Its description, as the student wrote it; null: none.",
            nullable=True,
            pii=Pii.IDENTITY,
        ),
        Column(
            "mastery_change",
            decimal(5, 4),
            "Mean change of topic mastery against the week before; as-of's week only, else null.",
            nullable=True,
        ),
        Column(
            "global_rank_change",
            INTEGER,
            "previous_rank - rank of the global reputation ranking; as-of's week only, else null.",
            nullable=True,
        ),
    ),
    published=True,
)

TABLES = (study_days, student_week)
