"""Rankings by reputation and by performance, with what moved since the week before."""

from mavprep_analytics.tables.declaration import (
    EXACT,
    INTEGER,
    TEXT,
    Column,
    Layer,
    Table,
    decimal,
    user_id,
)

METRICS = ("reputation", "performance")
SCOPES = ("global", "university", "subject")

_PART = "Places of the move since previous_rank, positive is up; null: no previous rank. "

rankings = Table(
    "rankings",
    Layer.MART,
    "rankings",
    "metric, scope, scope key and ranked student",
    ("metric", "scope", "scope_key", "user_id"),
    (
        Column("metric", TEXT, "What is ranked.", allowed=METRICS),
        Column("scope", TEXT, "Among whom.", allowed=SCOPES),
        Column("scope_key", TEXT, "'' for global, the university's name, or the subject's id."),
        user_id(),
        Column("rank", INTEGER, "1 + students with a greater value.", minimum=1),
        Column("dense_rank", INTEGER, "1 + greater values.", minimum=1),
        Column("tie_size", INTEGER, "Students with this value, oneself included.", minimum=1),
        Column("population", INTEGER, "Ranked students.", minimum=1),
        Column("percentile", decimal(5, 2), "100 (B + 0.5 E) / n.", unit="percent"),
        Column("value", EXACT, "Points, or the lower end of the mastery interval."),
        Column(
            "previous_rank",
            INTEGER,
            "Rank at the last published as-of seven days or more ago; null: not ranked then.",
            nullable=True,
            minimum=1,
        ),
        Column(
            "moved_by_self",
            INTEGER,
            _PART + "By one's own new value, had the others kept theirs.",
            nullable=True,
        ),
        Column(
            "moved_by_others",
            INTEGER,
            _PART + "By the new values of others ranked both times.",
            nullable=True,
        ),
        Column(
            "moved_by_joiners", INTEGER, _PART + "By students newly ranked above.", nullable=True
        ),
        Column(
            "moved_by_leavers",
            INTEGER,
            _PART + "By students once above, no longer ranked.",
            nullable=True,
        ),
    ),
    published=True,
    note="The four parts sum to previous_rank - rank, whatever the order of the rows.",
)

TABLES = (rankings,)
