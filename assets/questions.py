"""Group `questions`: question, option and test statistics."""

from assets.models import sql_asset
from mavprep_analytics.tables import questions

ASSETS = [sql_asset(table.name) for table in questions.TABLES]
