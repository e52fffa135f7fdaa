-- What: index idx_topics_order.
-- Reads: topics.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_topics_order on topics (subject_id, order_index);
