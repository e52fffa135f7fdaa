"""Lakes of one test from a matrix of marks, as statistics textbooks print them."""

from pathlib import Path

from answer_lakes import PARAMETERS, lake_of
from lake_builders import Row, answer, attempt, rows_in, uuid_of

from mavprep_analytics.engine import DuckDBEngine
from mavprep_analytics.questions import build_questions

DAY = 86_400
LABELS = "ABCD"


def matrix_rows(text: str, options: list[str] | None = None) -> dict[str, list[Row]]:
    """Return core and catalogue rows: one student per word, one question per digit, 1 is correct.

    Args:
        text: e.g. `11 10 01`.
        options: as many words of option letters, the key of every question being A; None: none recorded.
    """
    words = text.split()
    subject, topic = uuid_of("subject"), uuid_of("topic")
    questions = [question(number) for number in range(1, len(words[0]) + 1)]
    chosen = options or [""] * len(words)
    attempts = [
        attempt(f"u{i}", "test", at=20_000 * DAY + i, answers=_answers(word, letters, questions))
        for i, (word, letters) in enumerate(zip(words, chosen, strict=True))
    ]
    return {
        "catalogue_subjects": [{"subject_id": subject}],
        "catalogue_topics": [{"topic_id": topic, "subject_id": subject, "slug": "topic"}],
        "topic_closure": [
            {"topic_id": topic, "ancestor_id": topic, "ancestor_depth": 1, "subject_id": subject}
        ],
        "catalogue_questions": [{"question_id": q, "topic_id": topic} for q in questions],
        "catalogue_question_options": [
            {"question_id": q, "option_label": label, "is_key": label == "A"}
            for q in questions
            for label in (LABELS if options else "")
        ],
        "core_attempts": attempts,
    }


def question(number: int) -> str:
    """Return the id of the question of a column, from 1."""
    return uuid_of(f"question {number}")


def _answers(word: str, letters: str, questions: list[str]) -> list[Row]:
    return [
        answer(
            i, questions[i - 1], mark == "1", selected_option=letters[i - 1] if letters else None
        )
        for i, mark in enumerate(word, start=1)
        if mark in "01"
    ]


def statistics_of(folder: Path, rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the rows of all tables of question quality."""
    lake = lake_of(folder, rows)
    built = build_questions(lake, DuckDBEngine(), PARAMETERS)
    return {table.name: rows_in(lake, table.name) for table in built}
