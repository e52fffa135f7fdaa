-- What: one row per kind of reference that the catalogue does not know.
-- Reads: analytics_unresolved_references.
-- Why: how much is left out of the metrics until the catalogue has it.
-- Notes: none.
select
    kind,
    count(*) as reference_count,
    cast(sum(occurrences) as bigint) as occurrences
from analytics_unresolved_references
group by kind
order by kind
