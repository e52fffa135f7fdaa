-- What: one row per released group of a part of the heat map, with the item's name.
-- Reads: analytics_released_aggregates, topics, subjects.
-- Why: the download of the heat map; only what was released may leave.
-- Notes: $university as in released_mastery; as on the page, no count and no finer mean than whole percent.
select
    aggregates.item,
    coalesce(topics.name, subjects.name) as name,
    aggregates.part,
    aggregates.university,
    round(aggregates.total / aggregates.students, 2) as mean,
    aggregates.as_of
from analytics_released_aggregates as aggregates
left join topics on aggregates.item = cast(topics.id as text)
left join subjects on aggregates.item = cast(subjects.id as text)
where
    aggregates.figure = 'mastery'
    and aggregates.item = any($items)
    and (
        cast($university as text) is null
        or aggregates.part = 'all'
        or (aggregates.part = 'university' and aggregates.university = $university)
    )
order by aggregates.part, aggregates.university, aggregates.item
