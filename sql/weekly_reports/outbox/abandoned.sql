-- What: settles claims whose mailer is gone: ready where repeating does no harm, else unknown.
-- Reads: analytics_weekly_reports, pg_locks.
-- Why: after a crash nobody knows whether the call was made, and nothing is sent twice by guess.
-- Notes: a living mailer holds an advisory lock under the number in claimed_by.
update analytics_weekly_reports as report
set
    status = case when report.backend = any(%(repeatable)s::text[]) then 'ready' else 'unknown' end,
    reason = 'the mailer ended between claim and record',
    updated_at = now()
where
    report.status = 'claimed'
    and report.week_start = %(week)s
    and not exists (
        select 1
        from pg_locks
        where
            pg_locks.locktype = 'advisory'
            and pg_locks.database = (
                select pg_database.oid
                from pg_database
                where pg_database.datname = current_database()
            )
            and pg_locks.classid = %(lock_class)s
            and pg_locks.objid = report.claimed_by::bigint
    )
