-- What: makes analytics_university_activity, one row per university and local date.
-- Reads: nothing.
-- Why: what releases of aggregates are made from; holds small groups, so no page reads it.
-- Notes: '' stands for students without a university.
create table if not exists analytics_university_activity (
    university text not null,
    date date not null,
    students integer not null check (students >= 1),
    attempts bigint not null check (attempts >= 1),
    questions bigint not null check (questions >= 0),
    correct bigint not null check (correct >= 0),
    updated_at timestamp with time zone not null default now(),
    primary key (university, date)
)
