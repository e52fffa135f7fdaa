-- What: one row per topic, with its parent as written.
-- Reads: topics.
-- Why: the tree is closed over in one place, outside of SQL, where a cycle can be named.
-- Notes: the slug is derived by the reader.
select
    t.id::text as topic_id,
    t.subject_id::text as subject_id,
    t.parent_topic_id::text as parent_topic_id,
    t.name::text as name,
    t.order_index::bigint as order_index
from topics as t
order by t.id
