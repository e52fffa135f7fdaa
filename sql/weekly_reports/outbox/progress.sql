-- What: one row with the week's audience, mails tried by real backends, and the time since the last one.
-- Reads: analytics_weekly_reports.
-- Why: the canary: a hundred first, then one in a hundred, then all.
-- Notes: null since_last: none tried yet; the database's clock, whatever instant a run acts at.
select
    count(*) as audience,
    count(*) filter (where attempts > 0 and backend <> 'file') as tried,
    now() - max(claimed_at) filter (where attempts > 0 and backend <> 'file') as since_last
from analytics_weekly_reports
where week_start = %(week)s
