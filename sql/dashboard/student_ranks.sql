-- What: one row per ranking that the student stands in.
-- Reads: analytics_rankings, subjects.
-- Why: own ranks with the parts of each move.
-- Notes: subject_name is null outside subject rankings.
select
    rankings.metric,
    rankings.scope,
    rankings.scope_key,
    subjects.name as subject_name,
    rankings.rank,
    rankings.population,
    rankings.tie_size,
    rankings.percentile,
    rankings.value,
    rankings.previous_rank,
    rankings.moved_by_self,
    rankings.moved_by_others,
    rankings.moved_by_joiners,
    rankings.moved_by_leavers
from analytics_rankings as rankings
left join subjects
    on rankings.scope = 'subject' and rankings.scope_key = cast(subjects.id as text)
where rankings.user_id = $user_id
order by rankings.metric desc, rankings.scope, subjects.name
