"""Reads the catalogue of Postgres in one snapshot as Arrow tables. What is written to the lake is not decided here."""

from typing import Any

import psycopg
import pyarrow as pa

from mavprep_analytics.catalogue.topics import Topic, closure, slug, within_subjects
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.postgres import Connection, explained, place, session, statement
from mavprep_analytics.tables import catalogue as declared
from mavprep_analytics.tables.declaration import Table

CATALOGUE_TABLES = (
    "subjects",
    "topics",
    "questions",
    "question_options",
    "test_templates",
    "test_questions",
    "video_lessons",
)
"""The tables of MavPrep that the catalogue is read from."""

_PLAIN = (
    declared.catalogue_subjects,
    declared.catalogue_questions,
    declared.catalogue_question_options,
    declared.catalogue_tests,
    declared.catalogue_test_questions,
    declared.catalogue_videos,
)


def read_catalogue(url: str) -> dict[str, pa.Table]:
    """Return all catalogue tables of the lake, topic closure included, as of one instant.

    Raises:
        Misconfigured: tables or columns are missing, or the connection is refused.
        Temporary: the server cannot be reached.
        TopicCycle: topics are each other's ancestors.
    """
    with session(url) as connection, explained(place(url)):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            require_catalogue(connection, place(url))
            tables = {table.name: _arrow(table, _rows(connection, table)) for table in _PLAIN}
            topics = _rows(connection, declared.catalogue_topics)
    return {**tables, **topic_tables([Topic(*row) for row in topics])}


def require_catalogue(connection: Connection, where: str) -> None:
    """Raise Misconfigured, naming them, if tables of the catalogue are missing."""
    found = connection.execute(
        statement("catalogue/missing_tables"), {"names": list(CATALOGUE_TABLES)}
    ).fetchall()
    if found:
        raise Misconfigured(
            f"{where} lacks the catalogue tables {', '.join(name for (name,) in found)}",
            "Point MAVPREP_POSTGRES_URL at the database that has them, "
            "or make them with mavprep db upgrade --with-catalogue",
        )


def topic_tables(topics: list[Topic]) -> dict[str, pa.Table]:
    """Return `catalogue_topics` and `topic_closure` of the topics."""
    topics = within_subjects(topics)
    rows: list[tuple[Any, ...]] = [
        (t.id, t.subject_id, t.parent, t.name, slug(t.name), t.order_index) for t in topics
    ]
    links: list[tuple[Any, ...]] = [tuple(vars(link).values()) for link in closure(topics)]
    return {
        table.name: _arrow(table, content)
        for table, content in ((declared.catalogue_topics, rows), (declared.topic_closure, links))
    }


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    """Return the rows with their columns in the declaration's order, as far as SQL derives them."""
    cursor = connection.execute(statement(f"catalogue/{table.name}"))
    places = {column.name: place for place, column in enumerate(cursor.description or ())}
    order = [places[column.name] for column in table.columns if column.name in places]
    return [tuple(row[place] for place in order) for row in cursor]


def _arrow(table: Table, rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    return pa.Table.from_arrays(
        [
            pa.array(values, type=field.type)
            for values, field in zip(columns, table.arrow_schema, strict=True)
        ],
        schema=table.arrow_schema,
    )
