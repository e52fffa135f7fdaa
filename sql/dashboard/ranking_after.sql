-- What: one row per ranked student after ($rank, $user_id), $rows of them.
-- Reads: analytics_rankings, analytics_students.
-- Why: the next page of a ranking, at any depth.
-- Notes: $university is the row filter of a university admin or a filter of the page; null: all.
select
    rankings.rank,
    rankings.user_id,
    case when cast($with_names as boolean) then students.display_name end as display_name,
    students.university,
    rankings.value,
    rankings.percentile,
    rankings.tie_size,
    rankings.previous_rank
from analytics_rankings as rankings
left join analytics_students as students on rankings.user_id = students.user_id
where
    rankings.metric = $metric
    and rankings.scope = $scope
    and rankings.scope_key = $scope_key
    and (rankings.rank, rankings.user_id) > (cast($rank as integer), $user_id)
    and (cast($university as text) is null or students.university = $university)
order by rankings.rank, rankings.user_id
limit $rows
