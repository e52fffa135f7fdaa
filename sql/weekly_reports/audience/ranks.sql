-- What: one row per student of the chunk and ranking that the student stands in.
-- Reads: chunk, rankings.
-- Why: one's own ranks; nobody else's row is ever read into a mail.
-- Notes: a ranking of one is no ranking.
select
    rankings.user_id,
    rankings.metric,
    rankings.scope,
    rankings.scope_key,
    rankings.rank,
    rankings.population,
    rankings.tie_size,
    rankings.percentile,
    rankings.previous_rank,
    rankings.moved_by_self,
    rankings.moved_by_others,
    rankings.moved_by_joiners,
    rankings.moved_by_leavers
from rankings
inner join chunk on rankings.user_id = chunk.user_id
where rankings.population > 1
order by rankings.user_id, rankings.metric, rankings.scope, rankings.scope_key
