-- What: one row per publication, newest first, the last 30.
-- Reads: analytics_publications.
-- Why: what was published when, from which exports and by which code.
-- Notes: export_chain and tables are JSON of the publisher, of the newest one alone.
select
    sequence,
    as_of,
    published_at,
    code_version,
    lake_version,
    case when sequence = max(sequence) over () then export_chain end as export_chain,
    case when sequence = max(sequence) over () then tables end as tables,
    (
        select
            cast(
                sum(
                    coalesce(cast(changes.value ->> 'upserted' as bigint), 0)
                    + coalesce(cast(changes.value ->> 'deleted' as bigint), 0)
                ) as bigint
            )
        from jsonb_each(tables) as changes
    ) as rows_changed
from analytics_publications
order by sequence desc
limit 30
