-- What: index idx_questions_fulltext.
-- Reads: questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_questions_fulltext
on questions using gin (to_tsvector('english', question_text));
