-- What: at most one row: the publication whose numbers are nearest to the end of the week.
-- Reads: analytics_publications.
-- Why: a report of an older week is told from that week's numbers where they are still kept.
-- Notes: the newest of those with the same as-of date.
select
    as_of,
    lake_version
from analytics_publications
where as_of >= %(sunday)s
order by as_of, sequence desc
limit 1
