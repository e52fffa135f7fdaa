-- What: one row with the week's audience, mails sent by real backends, and the first one's time.
-- Reads: analytics_weekly_reports.
-- Why: the canary: a hundred first, then one in a hundred, then all.
-- Notes: null first_sent_at: none sent yet.
select
    count(*) as audience,
    count(*) filter (where attempts > 0 and backend <> 'file') as tried,
    min(sent_at) filter (where backend <> 'file') as first_sent_at
from analytics_weekly_reports
where week_start = %(week)s
