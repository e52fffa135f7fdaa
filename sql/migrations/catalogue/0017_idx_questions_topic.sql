-- What: index idx_questions_topic.
-- Reads: questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_questions_topic on questions (topic_id);
