"""What the simulated students really can do, and which questions were planted, as Parquet files."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.campus.catalogue import Catalogue, Flags, Floats
from mavprep_analytics.campus.learning import chances_of_a_day, chances_over_days

_TRUTH_FIELDS: list["pa.Field[Any]"] = [
    pa.field("user_id", pa.string(), nullable=False),
    pa.field("topic_id", pa.string(), nullable=False),
    pa.field("is_leaf", pa.bool_(), nullable=False),
    pa.field("true_chance", pa.float64(), nullable=False),
    pa.field("lasting_chance", pa.float64(), nullable=False),
    pa.field("ability", pa.float64(), nullable=False),
    pa.field("overall_ability", pa.float64(), nullable=False),
]
TRUTH_SCHEMA = pa.schema(_TRUTH_FIELDS)


def truth_rows(
    catalogue: Catalogue,
    user_ids: list[str],
    enrolled: Flags,
    overall: Floats,
    leaves: Floats,
    form: Floats,
) -> pa.Table:
    """Return a batch's truth, one row per student and topic node of the subjects they study.

    `true_chance` is the chance of a correct answer to a random active question of the node on the last day
    of the campus, in that day's form; `lasting_chance` averages over good and bad days. Abilities are in
    logits, a parent's is the mean of its leaves.
    """
    chances = chances_of_a_day(catalogue, leaves, form)
    lasting = chances_over_days(catalogue, leaves)
    nodes = [leaves[:, list(topic.leaves)].mean(axis=1) for topic in catalogue.topics]
    subject_of = [topic.subject for topic in catalogue.topics]
    student, topic = np.nonzero(enrolled[:, subject_of])
    topic_ids = np.array([node.id for node in catalogue.topics], dtype=object)
    is_leaf = np.array([node.leaf >= 0 for node in catalogue.topics])
    columns = [
        np.array(user_ids, dtype=object)[student],
        topic_ids[topic],
        is_leaf[topic],
        chances[student, topic],
        lasting[student, topic],
        np.column_stack(nodes)[student, topic],
        overall[student],
    ]
    return pa.Table.from_arrays([pa.array(column) for column in columns], schema=TRUTH_SCHEMA)


def write_question_truth(path: Path, catalogue: Catalogue) -> None:
    """Write one row per question: its true parameters and what was planted (null: nothing)."""
    questions = catalogue.questions
    is_wrong_key = questions.key != questions.answer
    cases = zip(is_wrong_key.tolist(), questions.has_dead_option.tolist(), strict=True)
    planted = [
        "wrong_key" if wrong else "non_functional_distractor" if dead else None
        for wrong, dead in cases
    ]
    table = pa.table(
        {
            "question_id": questions.ids,
            "difficulty": pa.array(questions.difficulty),
            "discrimination": pa.array(questions.discrimination),
            "guessing": pa.array(questions.guessing),
            "planted": pa.array(planted, pa.string()),
        }
    )
    pq.write_table(table, path)
