-- What: one row, the newest week with reports; null: there are none.
-- Reads: analytics_weekly_reports.
-- Why: the page opens on the newest week.
-- Notes: reads the end of an index.
select max(week_start) as week_start
from analytics_weekly_reports
