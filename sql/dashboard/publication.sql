-- What: one row, the newest publication; none before the first.
-- Reads: analytics_publications.
-- Why: every page names the numbers' as-of date and the publication that it shows.
-- Notes: the first read of a page's transaction, so all others see the same publication.
select
    sequence,
    as_of,
    published_at
from analytics_publications
order by sequence desc
limit 1
