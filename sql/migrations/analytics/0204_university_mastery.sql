-- What: makes analytics_university_mastery, one row per university and subject or topic.
-- Reads: nothing.
-- Why: what releases of aggregates are made from; holds small groups, so no page reads it.
-- Notes: '' stands for students without a university.
create table if not exists analytics_university_mastery (
    university text not null,
    item_id uuid not null,
    students integer not null check (students >= 1),
    mastery_total numeric(18, 4) not null check (mastery_total >= 0),
    updated_at timestamp with time zone not null default now(),
    primary key (university, item_id)
)
