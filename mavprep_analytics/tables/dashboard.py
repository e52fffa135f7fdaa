"""What the dashboards read beside the metrics: students, aggregates by university, and two ledgers.

The aggregates hold small groups and no page reads them; pages read `released_aggregates` alone.
"""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    DATE,
    EXACT,
    INTEGER,
    JSON,
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

FIGURES = ("mastery", "attempts", "questions", "correct")
PARTS = ("university", "others", "all")

_UNIVERSITY = Column("university", TEXT, "As in the profiles; '': none given.")

students = Table(
    "students",
    Layer.MART,
    "dashboard",
    "student with a PROFILE",
    ("user_id",),
    (
        user_id(),
        Column("university", TEXT, "As in the profile; null: none given.", nullable=True),
        Column(
            "display_name",
            TEXT,
            "Null unless the student shows both profile and progress.",
            nullable=True,
            pii=Pii.IDENTITY,
        ),
    ),
    published=True,
    note="Who may be seen by whom: the row filter of university admins reads it.",
)

university_mastery = Table(
    "university_mastery",
    Layer.MART,
    "dashboard",
    "university and subject or topic in which a student's level is known",
    ("university", "item_id"),
    (
        _UNIVERSITY,
        Column("item_id", UUID, "subjects.id or topics.id."),
        Column("students", INTEGER, "Students whose level is known.", minimum=1),
        Column("mastery_total", decimal(18, 4), "Sum of their mastery.", minimum=0),
    ),
    published=True,
    note="Not for display: groups may be small.",
)

university_activity = Table(
    "university_activity",
    Layer.MART,
    "dashboard",
    "university and local date with an eligible attempt",
    ("university", "date"),
    (
        _UNIVERSITY,
        Column("date", DATE, "Local date; the last 120 before as-of."),
        Column("students", INTEGER, "Students with an eligible attempt.", minimum=1),
        Column("attempts", BIGINT, "Eligible attempts.", minimum=1),
        Column("questions", BIGINT, "Correct plus incorrect answers.", minimum=0),
        Column("correct", BIGINT, "Correct answers.", minimum=0),
    ),
    published=True,
    note="Not for display: groups may be small. Only dates that are over in every time zone.",
)

released_aggregates = Table(
    "released_aggregates",
    Layer.LEDGER,
    "dashboard",
    "figure, item and group of students that pages may show",
    ("figure", "item", "part", "university"),
    (
        Column("figure", TEXT, "What is summed.", allowed=FIGURES),
        Column("item", TEXT, "The topic's or subject's id, or the date."),
        Column(
            "part",
            TEXT,
            "One university, the small ones pooled, or the sum of these.",
            allowed=PARTS,
        ),
        Column("university", TEXT, "'' unless part is university."),
        Column("students", INTEGER, "Students behind the figure.", minimum=10),
        Column("total", EXACT, "Sum over them; their mean is total / students."),
        Column("as_of", DATE, "As-of date of the release."),
        Column(
            "previous_students",
            INTEGER,
            "Of the release before this week's; null: none.",
            nullable=True,
            minimum=10,
        ),
        Column("previous_total", EXACT, "Likewise.", nullable=True),
        Column("previous_as_of", DATE, "Likewise.", nullable=True),
    ),
    note="A group is released again only when ten students or more came or went, or, with "
    "unchanged membership, in a new week: no difference of two releases stands for fewer than ten.",
)

dashboard_audit = Table(
    "dashboard_audit",
    Layer.LEDGER,
    "dashboard",
    "download of personal data",
    ("audit_id",),
    (
        Column("audit_id", BIGINT, "In order of time."),
        Column("occurred_at", TIMESTAMP, "When it began."),
        Column("login", TEXT, "Who.", pii=Pii.PSEUDONYM),
        Column("role", TEXT, "In which role."),
        Column("university", TEXT, "Its scope; null: all.", nullable=True),
        Column("export", TEXT, "The page whose rows were downloaded."),
        Column("filters", JSON, "The filters that were set."),
        Column("publication", BIGINT, "The publication that was read."),
    ),
    note="Append-only.",
)

MARTS = (students, university_mastery, university_activity)
TABLES = (*MARTS, released_aggregates, dashboard_audit)
