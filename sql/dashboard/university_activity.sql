-- What: one row per university, most attempts first, eight of them.
-- Reads: analytics_released_aggregates.
-- Why: where this week differs from the one before.
-- Notes: a weekday counts only where both weeks show it, so that a hidden day changes no sum.
with released as (
    select
        university,
        cast(item as date) as day,
        total
    from analytics_released_aggregates
    where
        figure = 'attempts'
        and part = 'university'
        and university <> ''
        and item = any($days)
)

select
    newer.university,
    cast(sum(newer.total) as bigint) as attempts,
    cast(sum(older.total) as bigint) as attempts_before,
    count(*) as days
from released as newer
inner join released as older
    on newer.university = older.university and newer.day = older.day + 7
group by newer.university
order by sum(newer.total) desc, newer.university
limit 8
