-- What: one row per climber among the first 1,000 places, most places first, eight of them.
-- Reads: analytics_rankings, analytics_students.
-- Why: what changed since last week.
-- Notes: materialized, so that only these places are read; $university as in ranking_after.
with leaders as materialized (
    select
        rank,
        user_id,
        value,
        previous_rank
    from analytics_rankings
    where metric = 'reputation' and scope = $scope and scope_key = $scope_key
    order by rank, user_id
    limit 1000
)

select
    leaders.rank,
    leaders.user_id,
    case when cast($with_names as boolean) then students.display_name end as display_name,
    students.university,
    leaders.value,
    leaders.previous_rank,
    leaders.previous_rank - leaders.rank as moved
from leaders
left join analytics_students as students on leaders.user_id = students.user_id
where
    leaders.previous_rank > leaders.rank
    and (cast($university as text) is null or students.university = $university)
order by leaders.previous_rank - leaders.rank desc, leaders.rank, leaders.user_id
limit 8
