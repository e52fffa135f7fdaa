-- What: table test_questions (one row per question of a test).
-- Reads: test_templates, questions.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create table if not exists test_questions (
    id uuid primary key default gen_random_uuid(),
    test_template_id uuid not null references test_templates (id) on delete cascade,
    question_id uuid not null references questions (id) on delete cascade,
    order_index integer not null,
    points_override integer,
    created_at timestamp default current_timestamp,
    unique (test_template_id, question_id),
    unique (test_template_id, order_index)
);
