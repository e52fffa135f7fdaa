"""Every table, declared once: key, grain, columns, types, units and PII mark. Schemas and checks come from here."""

from mavprep_analytics.tables import (
    attempts,
    catalogue,
    core,
    dashboard,
    leaderboards,
    mastery,
    publication,
    questions,
    rankings,
    raw,
    weekly_reports,
    weeks,
)
from mavprep_analytics.tables.declaration import ATTEMPT, Column, Layer, Pii, Table, Type

TABLES: dict[str, Table] = {
    table.name: table
    for module in (
        raw,
        core,
        catalogue,
        attempts,
        leaderboards,
        mastery,
        rankings,
        questions,
        weeks,
        publication,
        dashboard,
        weekly_reports,
    )
    for table in module.TABLES
}

__all__ = ["ATTEMPT", "TABLES", "Column", "Layer", "Pii", "Table", "Type"]
