"""Mastery: question rates, the mergeable state, and the readings that are published; recall beside them."""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    DATE,
    TEXT,
    UUID,
    WIDE,
    Column,
    Layer,
    Table,
    decimal,
    user_id,
)

LEVELS = ("not_enough_data", "starting", "developing", "proficient", "mastered")
BANDS = ("easy", "medium", "hard")
_SHARE = decimal(5, 4)

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
    ),
    note="In force for one ISO week: first answers up to the end of the week before as-of's.",
)

mastery_state = Table(
    "mastery_state",
    Layer.MART,
    "mastery",
    "student, leaf topic and difficulty band with evidence",
    ("user_id", "topic_id", "band"),
    (
        user_id(),
        Column("topic_id", UUID, "The topic the question stands under."),
        Column("band", TEXT, "easy, medium, hard or none.", allowed=(*BANDS, "none")),
        Column("s", WIDE, "Sum of g over correct answers."),
        Column("e6", WIDE, "Sum of rate_millionths times g."),
        Column("n", WIDE, "Sum of g."),
        Column("answers", BIGINT, "First answers.", minimum=1),
        Column("last_day", BIGINT, "Newest UTC date.", unit="days since 1970"),
    ),
    note="Mergeable: sums and a maximum.",
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
)

subject_mastery = Table(
    "subject_mastery",
    Layer.MART,
    "mastery",
    "student and subject with evidence",
    ("user_id", "subject_id"),
    (user_id(), Column("subject_id", UUID, "The subject.", references="subjects.id"), *READING),
    published=True,
)

difficulty_mastery = Table(
    "difficulty_mastery",
    Layer.MART,
    "mastery",
    "student and difficulty band with evidence",
    ("user_id", "difficulty"),
    (user_id(), Column("difficulty", TEXT, "The band.", allowed=BANDS), *READING),
    published=True,
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
        Column("cards", BIGINT, "Cards.", minimum=1),
        Column("due", BIGINT, "Cards due by the Monday after the reading day.", minimum=0),
        Column(
            "recall", _SHARE, "Mean retrievability; null: no card was ever reviewed.", nullable=True
        ),
    ),
    published=True,
    note="Read at the same day as mastery. Memory of known cards, never mixed into mastery.",
)

TABLES = (
    question_rates,
    mastery_state,
    topic_mastery,
    subject_mastery,
    difficulty_mastery,
    topic_recall,
)
