"""Mastery: question rates, the mergeable state, and the readings that are published; recall beside them."""

import pyarrow as pa

from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    DATE,
    TEXT,
    UUID,
    Column,
    Layer,
    Pii,
    Table,
    Type,
    decimal,
    user_id,
)

LEVELS = ("not_enough_data", "starting", "developing", "proficient", "mastered")
BANDS = ("easy", "medium", "hard")
_SHARE = decimal(5, 4)
_DOUBLE = Type(pa.float64(), "double precision")
_STUDENT = Column(
    "student",
    BIGINT,
    "Number of the student within one run of the models.",
    pii=Pii.PSEUDONYM,
    minimum=1,
)
_NODE = Column("node", BIGINT, "Number of the node in this lake version.", minimum=0)
_DEPTH = Column("depth", BIGINT, "Depth of the node; 0: the root.", minimum=0)
_LAST_DAY = Column("last_day", BIGINT, "Newest UTC date.", unit="days since 1970")
_EARLIER = " By the end of the ISO week before."


def _sums(prefix: str, more: str, fewest: int) -> tuple[Column, ...]:
    nanos = "1e-9 answers"
    return (
        Column(f"{prefix}answers", BIGINT, "First answers." + more, minimum=fewest),
        Column(f"{prefix}correct_nanos", BIGINT, "Decayed correct ones." + more, unit=nanos),
        Column(
            f"{prefix}expected_nanos",
            BIGINT,
            "What the average student would have right of them." + more,
            unit=nanos,
            minimum=0,
        ),
        Column(f"{prefix}total_nanos", BIGINT, "All, decayed." + more, unit=nanos, minimum=0),
    )


READING = (
    Column(
        "mastery",
        _SHARE,
        "Chance of a correct answer to a new question of the node.",
        minimum=0,
        maximum=1,
    ),
    Column("mastery_low", _SHARE, "Lower end of the 80 % interval.", minimum=0, maximum=1),
    Column("mastery_high", _SHARE, "Upper end of the 80 % interval.", minimum=0, maximum=1),
    Column("level", TEXT, "The word for it.", allowed=LEVELS),
    Column("answers", BIGINT, "First answers behind it.", minimum=1),
    Column("last_answered_on", DATE, "UTC date of the newest of them."),
    Column(
        "previous_mastery",
        _SHARE,
        "The same reading at the end of the ISO week before; null: no evidence then.",
        nullable=True,
    ),
)

mastery_tree = Table(
    "mastery_tree",
    Layer.MART,
    "mastery",
    "node that mastery is read at: the root, a band, a subject or a topic",
    ("node",),
    (
        _NODE,
        Column("kind", TEXT, "What it is.", allowed=("root", "band", "subject", "topic")),
        Column("node_id", TEXT, "Its id in the catalogue; the band's name; empty: the root."),
        Column("subject_id", UUID, "Null: a band or the root.", nullable=True),
        Column("depth", BIGINT, "0 the root, 1 bands and subjects, 2 topics below a subject."),
        Column("parent", BIGINT, "Number of the node above; null: the root.", nullable=True),
    ),
)

question_numbers = Table(
    "question_numbers",
    Layer.MART,
    "mastery",
    "catalogue question",
    ("question",),
    (
        Column("question", BIGINT, "Number of the question in this lake version.", minimum=1),
        Column("question_id", UUID, "The question."),
        Column("topic_id", UUID, "Its topic."),
        Column("topic", BIGINT, "Number of its topic; null: not in the catalogue.", nullable=True),
        Column("difficulty", TEXT, "Its band; null: none.", nullable=True),
        Column("band", BIGINT, "1 easy, 2 medium, 3 hard, 0 none.", minimum=0, maximum=3),
        Column("is_active", BOOLEAN, "As in the catalogue."),
    ),
)

first_answers = Table(
    "first_answers",
    Layer.MART,
    "mastery",
    "student with PROFILE and catalogue question answered",
    ("user_id", "question"),
    (
        user_id(),
        Column("question", BIGINT, "Number of the question in this lake version.", minimum=1),
        Column("utc_day", BIGINT, "UTC date of the first answer.", unit="days since 1970"),
        Column("is_correct", BOOLEAN, "As graded."),
        Column("at_micros", BIGINT, "endTime, else startTime.", unit="microseconds since 1970 UTC"),
    ),
    note="Repeats measure memory of the question and are left out.",
    first_by="at_micros",
)

rated_answers = Table(
    "rated_answers",
    Layer.MART,
    "mastery",
    "catalogue question answered first before the week that its rate holds for",
    ("question",),
    (
        Column("question", BIGINT, "As in question_numbers.", minimum=1),
        Column("answers", BIGINT, "First answers up to then.", minimum=1),
        Column("correct", BIGINT, "The correct ones.", minimum=0),
        Column("previous_answers", BIGINT, "Up to a week earlier.", minimum=0),
        Column("previous_correct", BIGINT, "The correct ones of these.", minimum=0),
    ),
    sums_by=("user_id",),
)

question_rates = Table(
    "question_rates",
    Layer.MART,
    "mastery",
    "catalogue question",
    ("question_id",),
    (
        Column("question_id", UUID, "The question."),
        Column("topic_id", UUID, "Its topic."),
        Column("difficulty", TEXT, "Its band; null: none.", nullable=True),
        Column("answers", BIGINT, "First answers up to the end of the week before.", minimum=0),
        Column("correct", BIGINT, "The correct ones.", minimum=0),
        Column("rate_millionths", BIGINT, "Shrunk chance of a correct answer.", unit="millionths"),
        Column("previous_answers", BIGINT, "The same a week earlier.", minimum=0),
        Column("previous_correct", BIGINT, "The same a week earlier.", minimum=0),
        Column("previous_rate_millionths", BIGINT, "In force the week before.", unit="millionths"),
    ),
    note="In force for one ISO week: first answers up to the end of the week before as-of's.",
)

node_rates = Table(
    "node_rates",
    Layer.MART,
    "mastery",
    "node that covers an active catalogue question",
    ("node",),
    (
        _NODE,
        Column("rate", _DOUBLE, "Mean rate of its active questions.", minimum=0, maximum=1),
        Column("previous_rate", _DOUBLE, "The week before.", minimum=0, maximum=1),
    ),
)

mastery_nodes = Table(
    "mastery_nodes",
    Layer.STEP,
    "mastery",
    "student and node (root, band, subject or topic) with evidence below it",
    ("depth", "student", "node"),
    (
        _DEPTH,
        _STUDENT,
        _NODE,
        Column("parent", BIGINT, "Number of the node above; null: the root.", nullable=True),
        *_sums("", "", 1),
        *_sums("previous_", _EARLIER, 0),
        _LAST_DAY,
    ),
    note="Mergeable: sums and a maximum. The weight of a day is 10^9 2^((day - reading day)/60).",
)

mastery_chain = Table(
    "mastery_chain",
    Layer.STEP,
    "mastery",
    "student and node with evidence below it",
    ("depth", "student", "node"),
    (
        _DEPTH,
        _STUDENT,
        _NODE,
        Column("theta", _DOUBLE, "Deviation from the average student.", unit="logits"),
        Column("variance", _DOUBLE, "Variance of theta.", unit="squared logits", minimum=0),
        Column("previous_theta", _DOUBLE, "The week before; null: no evidence.", nullable=True),
        Column(
            "previous_variance",
            _DOUBLE,
            "Variance of previous_theta; null as it is.",
            nullable=True,
        ),
        *READING[:-2],
        _LAST_DAY,
        READING[-1],
    ),
    note="One file per depth of the tree, the root's first.",
)

topic_mastery = Table(
    "topic_mastery",
    Layer.MART,
    "mastery",
    "student and topic with evidence in its subtree",
    ("user_id", "topic_id"),
    (
        user_id(),
        Column("topic_id", UUID, "The topic.", references="topics.id"),
        Column("subject_id", UUID, "Its subject.", references="subjects.id"),
        *READING,
    ),
    published=True,
    by_student=True,
)

subject_mastery = Table(
    "subject_mastery",
    Layer.MART,
    "mastery",
    "student and subject with evidence",
    ("user_id", "subject_id"),
    (user_id(), Column("subject_id", UUID, "The subject.", references="subjects.id"), *READING),
    published=True,
    by_student=True,
)

difficulty_mastery = Table(
    "difficulty_mastery",
    Layer.MART,
    "mastery",
    "student and difficulty band with evidence",
    ("user_id", "difficulty"),
    (user_id(), Column("difficulty", TEXT, "The band.", allowed=BANDS), *READING),
    published=True,
    by_student=True,
)

mastery_changes = Table(
    "mastery_changes",
    Layer.MART,
    "mastery",
    "student with a topic that was read the week before, too",
    ("user_id",),
    (
        user_id(),
        Column("topics", BIGINT, "Such topics.", minimum=1),
        Column("change", BIGINT, "Sum of their changes.", unit="ten-thousandths"),
    ),
    by_student=True,
)

recall_curve = Table(
    "recall_curve",
    Layer.MART,
    "mastery",
    "outcome of a flashcard's only review and whole days since",
    ("is_correct", "days"),
    (
        Column("is_correct", BOOLEAN, "Whether the card was known."),
        Column("days", BIGINT, "Whole days since the review.", unit="days", minimum=0),
        Column(
            "recall_millionths",
            BIGINT,
            "Chance of recalling it by FSRS.",
            unit="millionths",
            minimum=0,
            maximum=1_000_000,
        ),
    ),
)

topic_recall = Table(
    "topic_recall",
    Layer.MART,
    "mastery",
    "student and topic with flashcards tagged by it",
    ("user_id", "topic_id"),
    (
        user_id(),
        Column("topic_id", UUID, "The topic that the cards' tags name.", references="topics.id"),
        Column("cards", BIGINT, "Flashcards tagged by the topic.", minimum=1),
        Column(
            "due",
            BIGINT,
            "Cards due by the next Monday, included, in the student's zone.",
            minimum=0,
        ),
        Column(
            "recall", _SHARE, "Mean retrievability; null: no card was ever reviewed.", nullable=True
        ),
    ),
    published=True,
    note="Read at the same day as mastery. Memory of known cards, never mixed into mastery.",
)

mastery_quality = Table(
    "mastery_quality",
    Layer.MART,
    "mastery",
    "model of the last whole ISO week (UTC)",
    ("week_start", "model"),
    (
        Column("week_start", DATE, "The Monday of the week that was predicted."),
        Column(
            "model",
            TEXT,
            "What predicted each first answer from the state of the evening before the week.",
            allowed=("mastery", "percent_correct"),
        ),
        Column("answers", BIGINT, "First answers of the week.", minimum=0),
        Column("students", BIGINT, "Students who gave them.", minimum=0),
        Column(
            "ece",
            _SHARE,
            "Expected calibration error in ten bins; null: under 2,000 answers.",
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        Column(
            "log_loss",
            decimal(6, 4),
            "Mean of -ln of the chance given to what happened; null: under 2,000 answers.",
            unit="nats",
            nullable=True,
            minimum=0,
        ),
    ),
    published=True,
    note="Measured once, in the first night after the week; a warning stands when mastery's ece exceeds .03.",
)

TABLES = (
    mastery_tree,
    question_numbers,
    first_answers,
    rated_answers,
    question_rates,
    node_rates,
    mastery_nodes,
    mastery_chain,
    topic_mastery,
    subject_mastery,
    difficulty_mastery,
    mastery_changes,
    recall_curve,
    topic_recall,
    mastery_quality,
)
