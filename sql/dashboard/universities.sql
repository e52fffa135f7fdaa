-- What: one row per university that has a ranking.
-- Reads: analytics_rankings.
-- Why: the choices of the university filter.
-- Notes: reads the first places only.
select distinct
    scope_key as university,
    population
from analytics_rankings
where metric = 'reputation' and scope = 'university' and rank = 1
order by scope_key
