-- What: index idx_questions_active.
-- Reads: questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_questions_active on questions (is_active);
