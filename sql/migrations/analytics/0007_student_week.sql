-- What: one row per student with a PROFILE and ISO week: the study signals of the weekly report.
-- Reads: nothing.
-- Why: a student's weeks are read by user_id, a week's activity across students by week_start.
-- Notes: weeks older than the last six are deleted by the publication that no longer holds them.
create table analytics_student_week (
    user_id text not null,
    week_start date not null,
    tests integer not null,
    questions integer not null,
    correct integer not null,
    study_minutes integer not null,
    minutes_monday integer not null,
    minutes_tuesday integer not null,
    minutes_wednesday integer not null,
    minutes_thursday integer not null,
    minutes_friday integer not null,
    minutes_saturday integer not null,
    minutes_sunday integer not null,
    active_days integer not null,
    flashcards_reviewed integer not null,
    streak_days integer not null,
    longest_streak_days integer not null,
    is_active boolean not null,
    is_active_in_four_weeks boolean not null,
    cards_due integer,
    cards_lapsed integer,
    plan_tasks_planned integer not null,
    plan_tasks_done integer not null,
    next_milestone_on date,
    next_milestone text,
    mastery_change numeric(5, 4),
    global_rank_change integer,
    updated_at timestamptz not null default current_timestamp,
    primary key (user_id, week_start)
);

create index analytics_student_week_week on analytics_student_week (week_start, user_id);
