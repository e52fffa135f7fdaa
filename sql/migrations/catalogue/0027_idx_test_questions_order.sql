-- What: index idx_test_questions_order.
-- Reads: test_questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_test_questions_order
on test_questions (test_template_id, order_index);
