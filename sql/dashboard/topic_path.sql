-- What: one row per topic from the top of the subject down to the topic.
-- Reads: topics.
-- Why: the way back up from a drilled-into topic.
-- Notes: depth limits the walk, so that a cycle in the catalogue ends.
with recursive path as (
    select
        id,
        parent_topic_id,
        subject_id,
        name,
        1 as steps
    from topics
    where id = $topic_id and subject_id = $subject_id
    union all
    select
        topics.id,
        topics.parent_topic_id,
        topics.subject_id,
        topics.name,
        path.steps + 1 as steps
    from topics
    inner join path on topics.id = path.parent_topic_id
    where path.steps < 20
)

select
    cast(id as text) as item,
    name
from path
order by steps desc
