-- What: one row per publication, newest first, the last 30.
-- Reads: analytics_publications.
-- Why: what was published when, from which exports and by which code.
-- Notes: export_chain and tables are JSON of the publisher.
select
    sequence,
    as_of,
    published_at,
    code_version,
    lake_version,
    export_chain,
    tables
from analytics_publications
order by sequence desc
limit 30
