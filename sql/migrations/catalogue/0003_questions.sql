-- What: table questions (one row per question).
-- Reads: topics.
-- Why: MavPrep's own catalogue document.
-- Notes: times_answered, correct_count and average_time_seconds are written by the nightly job.
create table if not exists questions (
    id uuid primary key default gen_random_uuid(),
    topic_id uuid not null references topics (id) on delete cascade,
    question_text text not null,
    question_type varchar(50) not null,
    difficulty_level varchar(20) not null,
    points integer default 1,
    explanation text,
    hint text,
    question_image_url varchar(500),
    explanation_image_url varchar(500),
    created_by varchar(255),
    source varchar(100),
    is_verified boolean default false,
    is_active boolean default true,
    times_answered integer default 0,
    correct_count integer default 0,
    average_time_seconds integer,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);
