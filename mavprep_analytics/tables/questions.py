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
    user_id,
)

_SHARE = decimal(5, 4)
_R = decimal(5, 4)


def _r(name: str, meaning: str) -> Column:
    return Column(name, _R, meaning + " Null: undefined.", nullable=True, minimum=-1, maximum=1)


_SITTING = Column("sitting", BIGINT, "Number of the attempt within one run.", minimum=1)
_TEST = Column("test", BIGINT, "Number of the test within one run.", minimum=1)
_QUESTION = Column("question", BIGINT, "Number of the question, as in question_numbers.", minimum=1)
_POSITION = Column("position", BIGINT, "Place in the attempt, from 1.", minimum=1)

first_attempts = Table(
    "first_attempts",
    Layer.STEP,
    "questions",
    "student and test whose first eligible attempt holds answers",
    ("sitting",),
    (
        _SITTING,
        user_id(),
        Column("test_id", TEXT, "As in the attempt."),
        _TEST,
        Column("attempt_key", TEXT, "As in core_attempts."),
        Column("test_template_id", UUID, "Null: the test is not in the catalogue.", nullable=True),
    ),
    note="Students without PROFILE included.",
)

sitting_answers = Table(
    "sitting_answers",
    Layer.STEP,
    "questions",
    "answer of a first attempt whose question is in the catalogue",
    ("sitting", "position"),
    (
        _SITTING,
        _TEST,
        _QUESTION,
        _POSITION,
        Column("is_correct", BOOLEAN, "As graded."),
        Column("selected_option", TEXT, "Null: not recorded.", nullable=True),
        Column("micros", BIGINT, "Null: not recorded.", unit="microseconds", nullable=True),
    ),
)

repeated_answers = Table(
    "repeated_answers",
    Layer.STEP,
    "questions",
    "answer of a first attempt to a question that the attempt answered before",
    ("sitting", "question", "position"),
    (_SITTING, _QUESTION, _POSITION),
)

item_sums = Table(
    "item_sums",
    Layer.MART,
    "questions",
    "test, question, selected option and outcome in first attempts",
    ("test_id", "question_id", "selected_option", "is_correct"),
    (
        Column("test_id", TEXT, "As in the attempts."),
        Column("question_id", UUID, "The question."),
        Column("selected_option", TEXT, "Empty: not recorded."),
        Column("is_correct", BOOLEAN, "As graded."),
        Column("answers", BIGINT, "Answers.", minimum=1),
        Column("total_sum", BIGINT, "Sum of the attempts' totals.", minimum=0),
        Column("total_squares", BIGINT, "Sum of their squares.", minimum=0),
        Column("top_answers", BIGINT, "Answers from the top 27 % of the test.", minimum=0),
        Column("bottom_answers", BIGINT, "Answers from the bottom 27 %.", minimum=0),
    ),
    note="Whole numbers from which every correlation follows, in any order of addition.",
)

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
            "key_suspect",
            BOOLEAN,
            "A wrong option does better than the key, or the interval is below 0.",
        ),
        Column("too_easy", BOOLEAN, "Facility above 0.95."),
        Column("too_hard", BOOLEAN, "Facility below 0.20 or below the guess score."),
        Column("non_functional_distractor", BOOLEAN, "A wrong option chosen by fewer than 5 %."),
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
        Column("is_in_catalogue", BOOLEAN, "False: only students wrote this label."),
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
        Column("kr20", decimal(18, 4), "Null: undefined.", nullable=True),
        Column("alpha", decimal(18, 4), "Null: undefined.", nullable=True),
        Column(
            "sem", decimal(18, 4), "Standard error of measurement; null: undefined.", nullable=True
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

TABLES = (
    first_attempts,
    sitting_answers,
    repeated_answers,
    item_sums,
    question_options,
    question_statistics,
    test_statistics,
    question_counts,
)
