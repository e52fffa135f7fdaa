-- What: one row per ready report of the week that is due, the longest due first.
-- Reads: analytics_weekly_reports.
-- Why: the mailer's next block; nothing is claimed by looking.
-- Notes: %(due_by)s null means all, for backends without a deadline; %(bucket)s null means all.
select user_id
from analytics_weekly_reports
where
    week_start = %(week)s
    and status = 'ready'
    and (%(due_by)s::timestamp with time zone is null or due_at <= %(due_by)s)
    and (%(bucket)s::timestamp with time zone is null or due_at = %(bucket)s)
    and not user_id = any(%(without)s)
order by due_at, user_id
limit %(most)s
