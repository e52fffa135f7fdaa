-- What: at most one row: the last publication of the newest as-of date up to the given one.
-- Reads: analytics_publications.
-- Why: previous ranks are read from its lake version.
-- Notes: a date published several times counts with its last publication.
select
    p.sequence,
    p.as_of,
    p.export_chain,
    p.code_version,
    p.lake_version,
    p.lake_commit_id,
    p.tables,
    p.commit_id,
    p.published_at
from analytics_publications as p
where p.as_of <= $latest
order by p.as_of desc, p.sequence desc
limit 1
