-- What: the five largest reports of the week and the first fifteen others by student.
-- Reads: analytics_weekly_reports.
-- Why: they are rendered before any mail goes; what breaks, breaks on the odd and the large.
-- Notes: failed ones are not mailed; sizes are those of the stored rows, so that no payload is read only to be measured.
with

large as (
    select user_id
    from analytics_weekly_reports
    where week_start = %(week)s and status <> 'failed'
    order by pg_column_size(payload) desc, user_id asc
    limit 5
),

others as (
    select user_id
    from analytics_weekly_reports
    where week_start = %(week)s and status <> 'failed'
    order by user_id
    limit 15
)

select
    report.user_id,
    report.payload,
    report.language,
    report.subject
from analytics_weekly_reports as report
where
    report.week_start = %(week)s
    and report.user_id in (
        select user_id from large
        union
        select user_id from others
    )
order by report.user_id
