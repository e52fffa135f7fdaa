-- What: one row per released group and item of the heat map.
-- Reads: analytics_released_aggregates.
-- Why: only what was released may be shown.
-- Notes: $university leaves one university and the sum of all; null: every group.
select
    item,
    part,
    university,
    students,
    total,
    as_of,
    previous_students,
    previous_total,
    previous_as_of
from analytics_released_aggregates
where
    figure = 'mastery'
    and item = any($items)
    and (
        cast($university as text) is null
        or part = 'all'
        or (part = 'university' and university = $university)
    )
order by part, university, item
