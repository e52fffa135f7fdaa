-- What: index idx_test_questions_question.
-- Reads: test_questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_test_questions_question on test_questions (question_id);
