-- What: table test_templates (one row per test).
-- Reads: subjects.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create table if not exists test_templates (
    id uuid primary key default gen_random_uuid(),
    subject_id uuid not null references subjects (id),
    name varchar(255) not null,
    description text,
    duration_minutes integer,
    total_points integer,
    passing_score integer,
    shuffle_questions boolean default true,
    shuffle_options boolean default true,
    show_correct_answers boolean default true,
    allow_review boolean default true,
    is_published boolean default false,
    is_timed boolean default true,
    requires_proctor boolean default false,
    created_by varchar(255),
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    published_at timestamp
);
