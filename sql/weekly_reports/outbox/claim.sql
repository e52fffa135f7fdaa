-- What: claims the given students' ready reports and returns what a mail is made from.
-- Reads: analytics_weekly_reports, analytics_mail_suppressions.
-- Why: the claim is committed before the call, so that no outcome can lead to a second call.
-- Notes: rows that another mailer holds are skipped; a suppression by user or address excludes.
update analytics_weekly_reports as report
set
    status = 'claimed',
    reason = null,
    attempts = report.attempts + 1,
    backend = %(backend)s,
    claimed_by = %(claimed_by)s,
    claimed_at = now(),
    updated_at = now()
from (
    select candidate.user_id
    from analytics_weekly_reports as candidate
    inner join
        unnest(%(users)s::text[], %(address_hashes)s::text[]) as wanted (user_id, address_hash)
        on candidate.user_id = wanted.user_id
    where
        candidate.week_start = %(week)s
        and candidate.status = 'ready'
        and not exists (
            select 1
            from analytics_mail_suppressions as suppression
            where
                (suppression.scope = 'user' and suppression.key = wanted.user_id)
                or (suppression.scope = 'address' and suppression.key = wanted.address_hash)
        )
    order by candidate.user_id
    for update of candidate skip locked
) as free
where report.week_start = %(week)s and report.user_id = free.user_id
returning report.user_id, report.payload, report.language, report.subject
