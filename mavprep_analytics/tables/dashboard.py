"""What the dashboards read beside the metrics: students, and two ledgers: shown aggregates and downloads."""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    DATE,
    EXACT,
    INTEGER,
    JSON,
    TEXT,
    TIMESTAMP,
    WIDE,
    Column,
    Layer,
    Pii,
    Table,
    user_id,
)

FIGURES = ("mastery", "attempts", "questions", "correct")
PARTS = ("university", "all")

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
            "One university, or the sum of all that are shown.",
            allowed=PARTS,
        ),
        Column("university", TEXT, "As in the profiles; '': none given, or part is all."),
        Column("students", INTEGER, "Students behind the figure.", minimum=10),
        Column("total", EXACT, "Sum over them; their mean is total / students."),
        Column("members", WIDE, "Sum of hashes of their ids: tells whether they are the same."),
        Column("as_of", DATE, "As-of date of the release."),
        Column(
            "previous_students",
            INTEGER,
            "Of the group's release before; null: none.",
            nullable=True,
            minimum=10,
        ),
        Column(
            "previous_total",
            EXACT,
            "The total shown before; null: this is the first.",
            nullable=True,
        ),
        Column(
            "previous_as_of",
            DATE,
            "As-of date of previous_total; null: there is none.",
            nullable=True,
        ),
    ),
    note="A date is released once, a topic once per ISO week, for all groups together. From week to week a "
    "group keeps its figure until ten students or more came or went on balance, or the very same are in it, "
    "or eight weeks have passed: no combination of shown figures stands for fewer than ten.",
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

MARTS = (students,)
TABLES = (*MARTS, released_aggregates, dashboard_audit)
