-- What: one row per test and student with an eligible attempt.
-- Reads: the catalogue's test_templates.
-- Why: a board is read by test in order of rank; a student's own places by user_id.
-- Notes: test_id is the attempt's text, for a test outside the catalogue has a board, too.
create table analytics_test_leaderboard (
    test_id text not null,
    test_template_id uuid references test_templates (id) on delete cascade,
    user_id text not null,
    rank integer not null,
    dense_rank integer not null,
    tie_size integer not null,
    participants integer not null,
    percentile numeric(5, 2) not null,
    attempts integer not null,
    score numeric not null,
    seconds numeric(15, 6) not null,
    achieved_at timestamptz not null,
    display_name text,
    updated_at timestamptz not null default current_timestamp,
    primary key (test_id, user_id)
);

create index analytics_test_leaderboard_rank on analytics_test_leaderboard (test_id, rank, user_id);
create index analytics_test_leaderboard_user on analytics_test_leaderboard (user_id);
create index analytics_test_leaderboard_template on analytics_test_leaderboard (test_template_id);
