-- What: one row per topic directly below the subject, or below the topic $parent_topic_id.
-- Reads: topics.
-- Why: the columns of the heat map.
-- Notes: has_children says whether the tree goes deeper.
select
    cast(topics.id as text) as item,
    topics.name,
    exists(
        select 1 from topics as children
        where children.parent_topic_id = topics.id
    ) as has_children
from topics
where
    topics.subject_id = $subject_id
    and topics.parent_topic_id is not distinct from cast($parent_topic_id as uuid)
order by topics.order_index nulls last, topics.name, topics.id
limit 40
