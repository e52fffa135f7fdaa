-- What: indexes the first places of analytics_rankings.
-- Reads: analytics_rankings.
-- Why: which rankings there are and how many students each holds, without reading them.
-- Notes: a tie for the first place gives several rows.
create index if not exists analytics_rankings_leaders
on analytics_rankings (metric, scope, scope_key, population) where rank = 1
