"""Group `weeks`: what each student did in the last weeks."""

from assets.models import sql_asset
from mavprep_analytics.tables import weeks

ASSETS = [sql_asset(table.name) for table in weeks.TABLES]
