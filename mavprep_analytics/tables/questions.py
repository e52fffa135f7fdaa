"""Question, option and test statistics over first attempts; and the plain counts over all attempts."""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    INTEGER,
    TEXT,
    UUID,
    Column,
    Layer,
    Table,
    decimal,
)

_SHARE = decimal(5, 4)
_R = decimal(5, 4)


def _r(name: str, meaning: str) -> Column:
    return Column(name, _R, meaning + " Null: undefined.", nullable=True, minimum=-1, maximum=1)


question_statistics = Table(
    "question_statistics",
    Layer.MART,
    "questions",
    "catalogue question answered in a first attempt",
    ("question_id",),
    (
        Column("question_id", UUID, "The question.", references="questions.id"),
        Column("times_answered", INTEGER, "Answers in first attempts.", minimum=1),
        Column("correct_count", INTEGER, "The correct ones.", minimum=0),
        Column("facility", _SHARE, "Share correct.", minimum=0, maximum=1),
        Column(
            "average_time_seconds", decimal(8, 2), "Null: no times.", unit="seconds", nullable=True
        ),
        Column(
            "median_time_seconds", decimal(8, 2), "Null: no times.", unit="seconds", nullable=True
        ),
        _r("item_rest_r", "Corrected item-rest correlation, pooled over tests by answers."),
        _r("item_rest_r_low", "Lower end of its 95 % interval by Fisher z."),
        _r("item_rest_r_high", "Upper end."),
        _r("item_total_r", "Item-total correlation, pooled alike."),
        _r("d27", "Top minus bottom 27 %, pooled alike."),
        Column(
            "is_key_suspect",
            BOOLEAN,
            "A wrong option does better than the key, or the interval is below 0.",
        ),
        Column("is_too_easy", BOOLEAN, "Facility above 0.95."),
        Column("is_too_hard", BOOLEAN, "Facility below 0.20 or below the guess score."),
        Column(
            "has_non_functional_distractor", BOOLEAN, "A wrong option chosen by fewer than 5 %."
        ),
    ),
    published=True,
    note="First eligible attempt of each student at each test. Flags are false under 30 answers.",
)

question_options = Table(
    "question_options",
    Layer.MART,
    "questions",
    "question and option label, chosen or in the catalogue",
    ("question_id", "option_label"),
    (
        Column("question_id", UUID, "The question.", references="questions.id"),
        Column("option_label", TEXT, "The label."),
        Column("is_key", BOOLEAN, "Whether the catalogue marks it correct."),
        Column("times_chosen", INTEGER, "In first attempts.", minimum=0),
        Column(
            "share", _SHARE, "Of the answers with a recorded option; null: none.", nullable=True
        ),
        _r("option_rest_r", "Correlation of choosing it with the rest score."),
    ),
    published=True,
)

test_statistics = Table(
    "test_statistics",
    Layer.MART,
    "questions",
    "test with a first attempt that holds answers",
    ("test_id",),
    (
        Column("test_id", TEXT, "As in the attempts."),
        Column(
            "test_template_id",
            UUID,
            "Null: not in the catalogue.",
            nullable=True,
            references="test_templates.id",
        ),
        Column("n", INTEGER, "Students in the complete matrix.", minimum=0),
        Column("items", INTEGER, "Questions of the matrix.", minimum=0),
        Column("kr20", decimal(9, 4), "Null: undefined.", nullable=True),
        Column("alpha", decimal(9, 4), "Null: undefined.", nullable=True),
        Column(
            "sem", decimal(9, 4), "Standard error of measurement; null: undefined.", nullable=True
        ),
    ),
    published=True,
)

question_counts = Table(
    "question_counts",
    Layer.MART,
    "questions",
    "catalogue question",
    ("question_id",),
    (
        Column("question_id", UUID, "The question."),
        Column("times_answered", BIGINT, "Answers in all eligible attempts.", minimum=0),
        Column("correct_count", BIGINT, "The correct ones.", minimum=0),
        Column("average_time_seconds", BIGINT, "Null: no times.", unit="seconds", nullable=True),
    ),
    note="Published into the three columns of the catalogue's own questions table.",
)

TABLES = (question_statistics, question_options, test_statistics, question_counts)
