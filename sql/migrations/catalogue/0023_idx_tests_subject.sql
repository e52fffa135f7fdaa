-- What: index idx_tests_subject.
-- Reads: test_templates.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_tests_subject on test_templates (subject_id);
