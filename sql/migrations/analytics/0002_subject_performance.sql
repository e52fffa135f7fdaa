-- What: one row per student, subject and local date with an eligible attempt.
-- Reads: the catalogue's subjects.
-- Why: columns, types, key and indexes are those of MavPrep's schema document, to the letter.
-- Notes: an installation may have made it from that document already, so an existing one is kept.
create table if not exists analytics_subject_performance (
    id uuid primary key default gen_random_uuid(),
    user_id varchar(255) not null,
    subject_id uuid not null references subjects (id),
    date date not null,
    tests_taken integer default 0,
    questions_answered integer default 0,
    correct_answers integer default 0,
    average_score decimal(5, 2),
    study_time_minutes integer default 0,
    easy_correct integer default 0,
    easy_total integer default 0,
    medium_correct integer default 0,
    medium_total integer default 0,
    hard_correct integer default 0,
    hard_total integer default 0,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    unique (user_id, subject_id, date)
);

create index if not exists idx_analytics_user on analytics_subject_performance (user_id);
create index if not exists idx_analytics_subject on analytics_subject_performance (subject_id);
create index if not exists idx_analytics_date on analytics_subject_performance (date);
