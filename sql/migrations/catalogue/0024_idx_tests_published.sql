-- What: index idx_tests_published.
-- Reads: test_templates.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_tests_published on test_templates (is_published);
