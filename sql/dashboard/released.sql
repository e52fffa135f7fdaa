-- What: one row per released figure, item and group.
-- Reads: analytics_released_aggregates.
-- Why: what the next release must keep its distance from.
-- Notes: sums over all are derived from the parts and not read.
select
    figure,
    item,
    part,
    university,
    students,
    total,
    members,
    as_of,
    previous_students,
    previous_total,
    previous_as_of
from analytics_released_aggregates
where part <> 'all'
