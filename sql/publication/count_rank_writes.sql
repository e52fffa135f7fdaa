-- What: one row: pending tasks, and the owners of items that have their ranks already.
-- Reads: analytics_rankings, analytics_rank_writes.
-- Why: the result says how many items needed no write.
-- Notes: owners without a PROFILE have no global rank and are not counted.
select
    (select count(*) from analytics_rank_writes as task where task.status = 'pending') as pending,
    count(*) filter (where not exists (
        select 1
        from analytics_rank_writes as task
        where
            task.user_id = ranked.user_id
            and task.status in ('pending', 'gone', 'superseded')
    )) as equal
from analytics_rankings as ranked
where ranked.metric = 'reputation' and ranked.scope = 'global' and ranked.scope_key = ''
