"""Question, option and test statistics over first attempts; and the plain counts over all attempts."""

from mavprep_analytics.tables.declaration import (
    ATTEMPT,
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

_TEST_ID = Column("test_id", TEXT, "As in the attempts.")
_TOTAL = Column("total", BIGINT, "Correct answers to catalogue questions in an attempt.", minimum=0)
_MATRIX_ANSWERS = Column(
    "matrix_answers",
    BIGINT,
    "Questions of the test's matrix that the attempt answers; 0 if one of a template's is missing.",
    minimum=0,
)
_MATRIX_TOTAL = Column("matrix_total", BIGINT, "The correct ones of them.", minimum=0)
_ANSWERS = Column("answers", BIGINT, "Answers.", minimum=1)

first_attempts = Table(
    "first_attempts",
    Layer.MART,
    "questions",
    "student and test whose first eligible attempt holds answers",
    ("user_id", "test_id"),
    (
        user_id(),
        Column("test_id", TEXT, "As in the attempt."),
        Column("attempt_key", TEXT, "As in core_attempts."),
    ),
    note="Students without PROFILE included.",
    by_student=True,
)

sittings = Table(
    "sittings",
    Layer.STEP,
    "questions",
    "first attempt",
    ("sitting",),
    (*first_attempts.columns, _TEST, _SITTING),
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

sitting_totals = Table(
    "sitting_totals",
    Layer.STEP,
    "questions",
    "first attempt",
    ("sitting",),
    (
        _SITTING,
        _TEST,
        _TEST_ID,
        Column("answers", BIGINT, "Catalogue questions that it answers.", minimum=0),
        _TOTAL,
        _MATRIX_ANSWERS,
        _MATRIX_TOTAL,
    ),
)

sitting_sums = Table(
    "sitting_sums",
    Layer.MART,
    "questions",
    "test and totals of a first attempt",
    ("test_id", "matrix_answers", "matrix_total", "total"),
    (
        _TEST_ID,
        _MATRIX_ANSWERS,
        _MATRIX_TOTAL,
        _TOTAL,
        Column("sittings", BIGINT, "First attempts with these totals.", minimum=1),
        Column("scored", BIGINT, "Those that answer a catalogue question.", minimum=0),
    ),
    sums_by=ATTEMPT,
)

item_sums = Table(
    "item_sums",
    Layer.MART,
    "questions",
    "test, question, selected option and outcome in first attempts",
    ("test_id", "question", "selected_option", "is_correct"),
    (
        _TEST_ID,
        _QUESTION,
        Column("selected_option", TEXT, "Empty: not recorded."),
        Column("is_correct", BOOLEAN, "As graded."),
        _ANSWERS,
        Column("total_sum", BIGINT, "Sum of the attempts' totals.", minimum=0),
        Column("total_squares", BIGINT, "Sum of their squares.", minimum=0),
    ),
    note="Whole numbers from which every correlation follows, in any order of addition.",
    sums_by=ATTEMPT,
)

item_totals = Table(
    "item_totals",
    Layer.MART,
    "questions",
    "test, question and totals of a first attempt that answers it",
    ("test_id", "question", "matrix_answers", "total"),
    (
        _TEST_ID,
        _QUESTION,
        _MATRIX_ANSWERS,
        _TOTAL,
        _ANSWERS,
        Column("correct", BIGINT, "The correct ones.", minimum=0),
    ),
    sums_by=ATTEMPT,
)

answer_times = Table(
    "answer_times",
    Layer.MART,
    "questions",
    "question and time taken for it in first attempts",
    ("question", "micros"),
    (
        _QUESTION,
        Column("micros", BIGINT, "The time.", unit="microseconds", minimum=0),
        _ANSWERS,
    ),
    sums_by=ATTEMPT,
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

answer_counts = Table(
    "answer_counts",
    Layer.MART,
    "questions",
    "catalogue question answered in an eligible attempt",
    ("question",),
    (
        _QUESTION,
        _ANSWERS,
        Column("correct", BIGINT, "The correct ones.", minimum=0),
        Column("timed", BIGINT, "Those with a time.", minimum=0),
        Column("micros", BIGINT, "Sum of their times.", unit="microseconds", minimum=0),
    ),
    note="All eligible attempts, not only first ones.",
    sums_by=ATTEMPT,
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
    sittings,
    sitting_answers,
    repeated_answers,
    sitting_totals,
    sitting_sums,
    item_sums,
    item_totals,
    answer_times,
    question_options,
    question_statistics,
    test_statistics,
    answer_counts,
    question_counts,
)
