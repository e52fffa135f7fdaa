-- What: makes analytics_students, one row per student with a PROFILE.
-- Reads: nothing.
-- Why: university and shown name of a student; the row filter of university admins.
-- Notes: display_name is null unless the student shows both profile and progress.
create table if not exists analytics_students (
    user_id text not null primary key,
    university text,
    display_name text,
    updated_at timestamp with time zone not null default now()
)
