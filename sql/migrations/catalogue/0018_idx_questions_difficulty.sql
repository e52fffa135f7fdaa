-- What: index idx_questions_difficulty.
-- Reads: questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_questions_difficulty on questions (difficulty_level);
