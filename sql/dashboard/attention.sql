-- What: one row, how much of the exports was set aside and how many references do not resolve.
-- Reads: analytics_export_files, analytics_unresolved_references.
-- Why: what a person should look into.
-- Notes: sums are null before the first export.
select
    cast(sum(quarantined) as bigint) as quarantined,
    cast(sum(unrecognised) as bigint) as unrecognised,
    (select count(*) from analytics_unresolved_references) as unresolved
from analytics_export_files
