-- what: one row per metric, scope, scope key and ranked student
-- reads: core_profiles, core_reputations, previous_rankings, subject_mastery, subject_points
-- why: where a student stands, and why it changed since the ranking of a week ago
-- notes: among those ranked both times, `self` is the move that one's own new value makes against the others' old values, `others` the rest; with joiners at new and leavers at old values the parts sum to previous_rank - rank
with owners as (
    select
        reputations.user_id,
        reputations.reputation,
        profiles.university
    from core_reputations as reputations
    inner join core_profiles as profiles on reputations.user_id = profiles.user_id
),

valued as (
    select
        'reputation' as metric,
        'global' as scope,
        '' as scope_key,
        user_id,
        cast(reputation as decimal(38, 20)) as value
    from owners
    union all
    select
        'reputation' as metric,
        'university' as scope,
        university as scope_key,
        user_id,
        cast(reputation as decimal(38, 20)) as value
    from owners
    where trim(university) <> ''
    union all
    select
        'reputation' as metric,
        'subject' as scope,
        points.subject_id as scope_key,
        points.user_id,
        cast(points.points as decimal(38, 20)) as value
    from subject_points as points
    inner join owners on points.user_id = owners.user_id
    where points.points > 0
    union all
    select
        'performance' as metric,
        'subject' as scope,
        mastery.subject_id as scope_key,
        mastery.user_id,
        cast(mastery.mastery_low as decimal(38, 20)) as value
    from subject_mastery as mastery
    inner join core_profiles as profiles on mastery.user_id = profiles.user_id
    where mastery.level <> 'not_enough_data'
),

placed as (
    select
        *,
        rank() over (partition by metric, scope, scope_key order by value desc) as rank,
        dense_rank() over (partition by metric, scope, scope_key order by value desc)
            as dense_rank,
        count(*) over (partition by metric, scope, scope_key order by value desc) as up_to,
        count(*) over (partition by metric, scope, scope_key) as population
    from valued
),

ranked as (
    select
        *,
        up_to - (rank - 1) as tie_size
    from placed
),

stayers as (
    select
        now.metric,
        now.scope,
        now.scope_key,
        now.user_id,
        now.rank,
        now.value,
        before.rank as old_rank,
        before.value as old_value
    from ranked as now
    inner join previous_rankings as before
        on
            now.metric = before.metric
            and now.scope = before.scope
            and now.scope_key = before.scope_key
            and now.user_id = before.user_id
),

values_before_and_now as (
    select
        metric,
        scope,
        scope_key,
        user_id,
        old_value as value,
        1 as is_old
    from stayers
    union all
    select
        metric,
        scope,
        scope_key,
        user_id,
        value,
        0 as is_old
    from stayers
),

crossed as (
    select
        metric,
        scope,
        scope_key,
        user_id,
        is_old,
        cast(sum(is_old) over (
            partition by metric, scope, scope_key
            order by value desc
        ) as bigint)
        - cast(sum(is_old) over (
            partition by metric, scope, scope_key, value
        ) as bigint) as old_values_above
    from values_before_and_now
),

moves as (
    select
        stayers.metric,
        stayers.scope,
        stayers.scope_key,
        stayers.user_id,
        stayers.rank,
        stayers.old_rank,
        crossed.old_values_above
        - case when stayers.old_value > stayers.value then 1 else 0 end as others_old_above,
        rank() over (
            partition by stayers.metric, stayers.scope, stayers.scope_key
            order by stayers.old_value desc
        ) - 1 as stayers_above_before,
        rank() over (
            partition by stayers.metric, stayers.scope, stayers.scope_key
            order by stayers.value desc
        ) - 1 as stayers_above_now
    from stayers
    inner join crossed
        on
            stayers.metric = crossed.metric
            and stayers.scope = crossed.scope
            and stayers.scope_key = crossed.scope_key
            and stayers.user_id = crossed.user_id
            and crossed.is_old = 0
)

select
    ranked.metric,
    ranked.scope,
    ranked.scope_key,
    ranked.user_id,
    ranked.rank,
    ranked.dense_rank,
    ranked.tie_size,
    ranked.population,
    cast(
        cast(
            (
                20000 * (ranked.population - (ranked.rank - 1) - ranked.tie_size)
                + 10000 * ranked.tie_size
                + ranked.population
            ) // nullif(2 * ranked.population, 0) as decimal(5, 0)
        ) * 0.01 as decimal(5, 2)
    ) as percentile,
    ranked.value,
    moves.old_rank as previous_rank,
    moves.stayers_above_before - moves.others_old_above as moved_by_self,
    moves.others_old_above - moves.stayers_above_now as moved_by_others,
    moves.stayers_above_now - (moves.rank - 1) as moved_by_joiners,
    (moves.old_rank - 1) - moves.stayers_above_before as moved_by_leavers
from ranked
left join moves
    on
        ranked.metric = moves.metric
        and ranked.scope = moves.scope
        and ranked.scope_key = moves.scope_key
        and ranked.user_id = moves.user_id
