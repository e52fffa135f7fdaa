-- What: one row, the number of students in a ranking; none if there is no such ranking.
-- Reads: analytics_rankings.
-- Why: "of N" above the page.
-- Notes: the batch has counted; this reads a first place.
select population
from analytics_rankings
where metric = $metric and scope = $scope and scope_key = $scope_key and rank = 1
order by user_id
limit 1
