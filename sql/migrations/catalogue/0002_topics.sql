-- What: table topics (one row per topic of a subject's tree).
-- Reads: subjects.
-- Why: MavPrep's own catalogue document.
-- Notes: a topic without parent_topic_id is a root of its subject.
create table if not exists topics (
    id uuid primary key default gen_random_uuid(),
    subject_id uuid not null references subjects (id) on delete cascade,
    parent_topic_id uuid references topics (id) on delete set null,
    name varchar(255) not null,
    description text,
    order_index integer,
    difficulty_level varchar(20),
    estimated_study_hours decimal(5, 2),
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);
