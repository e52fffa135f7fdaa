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

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_NEXT_MILESTONE = Column(
    "next_milestone",
    TEXT,
    "Its description, as the student wrote it; null: none.",
    nullable=True,
    pii=Pii.IDENTITY,
)


def _day(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, BIGINT, meaning, unit="days since 1970", nullable=nullable)


study_weeks = Table(
    "study_weeks",
    Layer.MART,
    "weeks",
    "student with a PROFILE, ISO week of the last six, and day that it stands anew from",
    ("user_id", "week_start_day", "from_day"),
    (
        user_id(),
        _day("week_start_day", "The Monday, local to the student."),
        _day(
            "from_day",
            "Sunday of a past week; of the running one Monday, and each day that moves the last columns.",
        ),
        _day("until_day", "The first day after that the row does not hold for."),
        *(
            _count(name, meaning, unit)
            for name, meaning, unit in (
                ("tests", "Tests.", None),
                ("questions", "Correct plus incorrect answers.", None),
                ("correct", "Correct answers.", None),
                ("minutes", "The sum of its days' rounded minutes.", "minutes"),
                *((f"minutes_{day}", "Of that day.", "minutes") for day in _WEEKDAYS),
                ("active_days", "Active dates.", None),
                ("flashcards", "Reviewed, of DAILY items.", None),
                ("tasks_planned", "Tasks of active plans scheduled in the week.", None),
                ("tasks_done", "Of them, completed.", None),
            )
        ),
        Column("is_active", BOOLEAN, "A date that counts as activity in the week."),
        Column("is_active_in_four_weeks", BOOLEAN, "In the four weeks that end with it."),
        _day(
            "run_first_day",
            "Of the newest run of active dates begun by from_day; null: none.",
            nullable=True,
        ),
        _day("run_last_day", "Its last day, which may lie ahead; null: none.", nullable=True),
        _count(
            "longest_before", "Of the student's runs before it; null: none.", "days", nullable=True
        ),
        _count("cards_due", "As in student_week; null: not the running week.", nullable=True),
        _count("cards_lapsed", "As in student_week; null: not the running week.", nullable=True),
        _day(
            "next_milestone_day",
            "Earliest open milestone of active plans from from_day on; null: none.",
            nullable=True,
        ),
        _NEXT_MILESTONE,
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
        *(_count(f"minutes_{day}", "Study minutes of that day.", "minutes") for day in _WEEKDAYS),
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
        _NEXT_MILESTONE,
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

TABLES = (study_days, study_weeks, student_week)
