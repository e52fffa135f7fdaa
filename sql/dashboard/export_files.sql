-- What: one row per ingested export and table, the newest 400 by name of the export.
-- Reads: analytics_export_files.
-- Why: shows that every item was accepted, quarantined or kept raw, none dropped.
-- Notes: item_count is the sum of the other three.
select
    table_name,
    export_arn,
    count(*) as files,
    cast(sum(item_count) as bigint) as item_count,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(quarantined) as bigint) as quarantined,
    cast(sum(unrecognised) as bigint) as unrecognised
from analytics_export_files
group by table_name, export_arn
order by export_arn desc, table_name
limit 400
