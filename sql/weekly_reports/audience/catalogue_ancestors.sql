-- What: one row per topic and topic above it.
-- Reads: topic_closure.
-- Why: a topic is not shown beside a subtopic that says the same more exactly.
-- Notes: nearest first.
select
    topic_id,
    ancestor_id
from topic_closure
where distance > 0
order by topic_id, distance
