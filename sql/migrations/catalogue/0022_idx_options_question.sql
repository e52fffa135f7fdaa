-- What: index idx_options_question.
-- Reads: question_options.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_options_question on question_options (question_id);
