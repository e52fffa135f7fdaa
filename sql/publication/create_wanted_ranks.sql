-- What: one row per owner of a REPUTATION item with a PROFILE: ranks, whether the item has them.
-- Reads: analytics_rankings, staged_reputations, analytics_rank_writes.
-- Why: the same rows decide which tasks appear and which vanish.
-- Notes: only owners with a PROFILE have a global rank. A task is current while the export shows
--        the item's ranks as they were before it and does not reach to the task's answer: then our
--        ledger knows the item better. Gone at the end of the transaction.
create temporary table wanted_ranks on commit drop as
with ranks as (
    select
        r.user_id,
        max(r.rank) filter (where r.scope = 'global') as global_rank,
        max(r.rank) filter (where r.scope = 'university') as university_rank,
        coalesce(
            jsonb_object_agg(r.scope_key, r.rank) filter (where r.scope = 'subject'),
            jsonb_build_object()
        ) as subject_ranks
    from analytics_rankings as r
    where r.metric = 'reputation'
    group by r.user_id
),

items as (
    select
        i.*,
        md5(
            jsonb_build_array(i.global_rank, i.university_rank, i.subject_ranks)::text
        ) as exported_ranks
    from staged_reputations as i
)

select
    item.user_id,
    item.table_arn,
    item.exported_ranks,
    ranks.global_rank,
    ranks.university_rank,
    ranks.subject_ranks,
    not(
        item.global_rank is distinct from ranks.global_rank
        or item.university_rank is distinct from ranks.university_rank
        or item.subject_ranks is distinct from ranks.subject_ranks
    ) as is_in_item,
    coalesce(
        task.exported_ranks = item.exported_ranks
        and task.table_arn = item.table_arn
        and (
            task.settled_at is null
            or item.exported_until is null
            or item.exported_until <= task.settled_at
        ),
        false
    ) as is_task_current
from items as item
inner join ranks on item.user_id = ranks.user_id
left join analytics_rank_writes as task on item.user_id = task.user_id
where ranks.global_rank is not null
