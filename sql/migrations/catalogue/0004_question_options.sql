-- What: table question_options (one row per option of a question).
-- Reads: questions.
-- Why: MavPrep's own catalogue document.
-- Notes: that one option is correct is a trigger (0008 to 0010); a check cannot see other rows.
create table if not exists question_options (
    id uuid primary key default gen_random_uuid(),
    question_id uuid not null references questions (id) on delete cascade,
    option_text text not null,
    option_label varchar(10),
    is_correct boolean default false,
    order_index integer not null,
    explanation text,
    created_at timestamp default current_timestamp
);
