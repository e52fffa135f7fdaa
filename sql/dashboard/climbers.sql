-- What: one row per climber among the first 1,000 places, most places first, eight of them.
-- Reads: analytics_rankings, analytics_students.
-- Why: what changed since last week.
-- Notes: reads the first 1,000 places only; $university as in ranking_after.
select
    rankings.rank,
    rankings.user_id,
    case when cast($with_names as boolean) then students.display_name end as display_name,
    students.university,
    rankings.value,
    rankings.previous_rank,
    rankings.previous_rank - rankings.rank as moved
from analytics_rankings as rankings
left join analytics_students as students on rankings.user_id = students.user_id
where
    rankings.metric = 'reputation'
    and rankings.scope = $scope
    and rankings.scope_key = $scope_key
    and rankings.rank <= 1000
    and rankings.previous_rank > rankings.rank
    and (cast($university as text) is null or students.university = $university)
order by rankings.previous_rank - rankings.rank desc, rankings.rank, rankings.user_id
limit 8
