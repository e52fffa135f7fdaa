-- What: one row per student of a ranking, in its order.
-- Reads: analytics_rankings, analytics_students.
-- Why: the download of a ranking.
-- Notes: $university as in ranking_after.
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
    and (cast($university as text) is null or students.university = $university)
order by rankings.rank, rankings.user_id
