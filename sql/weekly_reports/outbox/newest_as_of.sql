-- What: the as-of date of the newest publication.
-- Reads: analytics_publications.
-- Why: a mail is held until the published numbers cover its week.
-- Notes: none.
select as_of
from analytics_publications
order by sequence desc
limit 1
