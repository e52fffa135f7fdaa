-- What: index idx_topics_parent.
-- Reads: topics.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_topics_parent on topics (parent_topic_id);
