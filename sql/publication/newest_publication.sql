-- What: at most one row: the newest publication.
-- Reads: analytics_publications.
-- Why: what is published now, and from which inputs.
-- Notes: none.
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
order by p.sequence desc
limit 1
