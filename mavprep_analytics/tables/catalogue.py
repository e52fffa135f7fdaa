"""The catalogue as staged from Postgres in one snapshot, and what is derived from it once: the topic closure.

Ids are lower-case uuid texts. The columns that publication writes (`questions.times_answered` …) are not read.
"""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    TEXT,
    UUID,
    Column,
    Layer,
    Table,
)


def _catalogue(
    name: str, grain: str, key: tuple[str, ...], *columns: Column, note: str = ""
) -> Table:
    return Table(name, Layer.CATALOGUE, "catalogue", grain, key, columns, note=note)


catalogue_subjects = _catalogue(
    "catalogue_subjects",
    "subject",
    ("subject_id",),
    Column("subject_id", UUID, "subjects.id."),
    Column("code", TEXT, "As written."),
    Column("name", TEXT, "As written."),
    Column("university", TEXT, "Null: none given.", nullable=True),
    Column("is_active", BOOLEAN, "Null counts as true."),
)

catalogue_topics = _catalogue(
    "catalogue_topics",
    "topic",
    ("topic_id",),
    Column("topic_id", UUID, "topics.id."),
    Column("subject_id", UUID, "The subject."),
    Column("parent_topic_id", UUID, "Null: directly below the subject.", nullable=True),
    Column("name", TEXT, "As written."),
    Column("slug", TEXT, "Lower case, every run of non-alphanumerics a single `-`."),
    Column("order_index", BIGINT, "Null: none given.", nullable=True),
)

catalogue_questions = _catalogue(
    "catalogue_questions",
    "question",
    ("question_id",),
    Column("question_id", UUID, "questions.id."),
    Column("topic_id", UUID, "The topic that it stands under."),
    Column(
        "difficulty",
        TEXT,
        "easy, medium or hard in lower case; null: anything else.",
        nullable=True,
    ),
    Column("is_active", BOOLEAN, "Null counts as true."),
    Column("question_type", TEXT, "As written."),
)

catalogue_question_options = _catalogue(
    "catalogue_question_options",
    "answer option of a question",
    ("question_id", "option_label"),
    Column("question_id", UUID, "The question."),
    Column("option_label", TEXT, "A, B …; its place when the catalogue gives no label."),
    Column("is_key", BOOLEAN, "Whether it is a correct answer."),
)

catalogue_tests = _catalogue(
    "catalogue_tests",
    "test template",
    ("test_template_id",),
    Column("test_template_id", UUID, "test_templates.id."),
    Column("subject_id", UUID, "The subject."),
    Column("name", TEXT, "As written."),
)

catalogue_test_questions = _catalogue(
    "catalogue_test_questions",
    "question of a test template",
    ("test_template_id", "question_id"),
    Column("test_template_id", UUID, "The test."),
    Column("question_id", UUID, "The question."),
    Column("order_index", BIGINT, "Place in the test."),
)

catalogue_videos = _catalogue(
    "catalogue_videos",
    "published video lesson",
    ("video_id",),
    Column("video_id", UUID, "video_lessons.id."),
    Column("topic_id", UUID, "The topic."),
    Column("title", TEXT, "As written."),
    Column("duration_seconds", BIGINT, "Length.", unit="seconds"),
    Column("published_at_micros", BIGINT, "Null: not given.", nullable=True),
)

topic_closure = _catalogue(
    "topic_closure",
    "topic and one of its ancestors, itself included",
    ("topic_id", "ancestor_id"),
    Column("topic_id", UUID, "The descendant."),
    Column("ancestor_id", UUID, "The ancestor; equal to topic_id at distance 0."),
    Column("distance", BIGINT, "Steps up the tree."),
    Column("ancestor_depth", BIGINT, "Depth of the ancestor; 1 is directly below the subject."),
    Column("subject_id", UUID, "The subject of both."),
)

time_zone_offsets = _catalogue(
    "time_zone_offsets",
    "IANA zone and period of constant offset",
    ("timezone", "from_micros"),
    Column("timezone", TEXT, "Zone name as profiles write it."),
    Column("from_micros", BIGINT, "Start, inclusive.", unit="microseconds since 1970 UTC"),
    Column("to_micros", BIGINT, "End, exclusive.", unit="microseconds since 1970 UTC"),
    Column("offset_micros", BIGINT, "Local time minus UTC.", unit="microseconds"),
    note="Holds the zones that profiles name and the default; a name that is not here is malformed.",
)

TABLES = (
    catalogue_subjects,
    catalogue_topics,
    catalogue_questions,
    catalogue_question_options,
    catalogue_tests,
    catalogue_test_questions,
    catalogue_videos,
    topic_closure,
    time_zone_offsets,
)
