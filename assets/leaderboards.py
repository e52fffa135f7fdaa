"""Group `leaderboards`: subject performance by day, and test leaderboards."""

from assets.models import sql_asset
from mavprep_analytics.tables import leaderboards

ASSETS = [sql_asset(table.name) for table in leaderboards.TABLES]
