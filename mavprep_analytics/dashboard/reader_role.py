"""The Postgres role that the pages read with: these tables, reading only, five seconds a statement."""

import hmac
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from psycopg import sql

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.postgres import Connection, explained, place, session, statement

READER = "mavprep_reader"
READ_TABLES = (
    "analytics_difficulty_mastery",
    "analytics_export_files",
    "analytics_publications",
    "analytics_question_options",
    "analytics_question_statistics",
    "analytics_rankings",
    "analytics_released_aggregates",
    "analytics_student_week",
    "analytics_students",
    "analytics_subject_mastery",
    "analytics_test_leaderboard",
    "analytics_test_statistics",
    "analytics_topic_mastery",
    "analytics_topic_recall",
    "analytics_unresolved_references",
    "analytics_weekly_reports",
    "question_options",
    "questions",
    "subjects",
    "test_templates",
    "topics",
)
"""What the statements of the pages name; nothing else may be read."""
_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    "search_path": "public",
}


def make_reader(url: str, password: str, role: str = READER) -> None:
    """Make the role, or bring its rights and password to this version; the tables must stand.

    Args:
        url: `postgresql://…` of a user that owns the tables and may make roles.
        password: for signing in as the role.
        role: its name.

    Raises:
        Misconfigured: the user may not, or the tables are missing.
        Temporary: the server cannot be reached.
    """
    with session(url) as connection, explained(place(url)), connection.transaction():
        _require_tables(connection, place(url))
        _make(connection, role)
        named = sql.Identifier(role)
        _do(connection, "limit", role=named, password=sql.Literal(password))
        for name, value in _SETTINGS.items():
            parts = {"parameter": sql.Identifier(name), "value": sql.Literal(value)}
            _do(connection, "setting", role=named, **parts)
        for name in ("revoke", "usage", "audit"):
            _do(connection, name, role=named)
        tables = sql.SQL(", ").join(map(sql.Identifier, READ_TABLES))
        _do(connection, "read", role=named, tables=tables)


def reader_url(url: str) -> str:
    """Make the role of a server of our own and return the URL that signs in as it.

    The password follows from the owner's, so that every start finds the same one.
    """
    parts = urlsplit(url)
    owner = unquote(parts.password or "")
    password = hmac.new(owner.encode(), READER.encode(), "sha256").hexdigest()
    make_reader(url, password)
    return urlunsplit(
        parts._replace(netloc=f"{READER}:{quote(password)}@{parts.hostname}:{parts.port}")
    )


def _require_tables(connection: Connection, where: str) -> None:
    for table in (*READ_TABLES, "analytics_dashboard_audit"):
        if connection.execute("select to_regclass(%s)", (table,)).fetchone() == (None,):
            raise Misconfigured(f"{where} has no table {table}", "Run mavprep db upgrade")


def _make(connection: Connection, role: str) -> None:
    known = connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone()
    if known is None:
        _do(connection, "create", role=sql.Identifier(role))


def _do(connection: Connection, name: str, **parts: sql.Composable) -> None:
    connection.execute(statement(f"dashboard/reader_role/{name}", **parts))
