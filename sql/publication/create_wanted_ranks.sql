-- What: one row per owner of a REPUTATION item with a PROFILE: ranks, whether the item has them.
-- Reads: analytics_rankings, staged_reputations.
-- Why: the same rows decide which tasks appear and which vanish.
-- Notes: only owners with a PROFILE have a global rank. Gone at the end of the transaction.
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
)

select
    item.user_id,
    item.table_arn,
    ranks.global_rank,
    ranks.university_rank,
    ranks.subject_ranks,
    not(
        item.global_rank is distinct from ranks.global_rank
        or item.university_rank is distinct from ranks.university_rank
        or item.subject_ranks is distinct from ranks.subject_ranks
    ) as is_in_item
from staged_reputations as item
inner join ranks on item.user_id = ranks.user_id
where ranks.global_rank is not null
