-- What: index idx_topics_subject.
-- Reads: topics.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_topics_subject on topics (subject_id);
