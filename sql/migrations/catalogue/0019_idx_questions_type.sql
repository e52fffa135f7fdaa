-- What: index idx_questions_type.
-- Reads: questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_questions_type on questions (question_type);
