"""Group `dashboard`: students with university and shown name, for the admin pages."""

from assets.models import sql_asset
from mavprep_analytics.tables import dashboard

ASSETS = [sql_asset(table.name) for table in dashboard.MARTS]
