"""Group `attempts`: eligible attempts and graded answers joined with the catalogue, and what did not resolve."""

from assets.models import sql_asset
from mavprep_analytics.tables import attempts

ASSETS = [sql_asset(table.name) for table in attempts.TABLES]
