-- What: one row per released date and figure, oldest first.
-- Reads: analytics_released_aggregates.
-- Why: volumes on the overview.
-- Notes: $part and $university choose the sum of all, or one university.
select
    cast(item as date) as activity_date,
    figure,
    students,
    total
from analytics_released_aggregates
where
    figure in ('attempts', 'questions', 'correct')
    and part = $part
    and university = $university
order by item, figure
