-- What: statistics per question, per option of a question and per test.
-- Reads: the catalogue's questions and test_templates.
-- Why: a question's page reads by its id; the list of suspects by their flag.
-- Notes: the flags are rarely true, so their index holds only those rows.
create table analytics_question_statistics (
    question_id uuid primary key references questions (id) on delete cascade,
    times_answered integer not null,
    correct_count integer not null,
    facility numeric(5, 4) not null,
    average_time_seconds numeric(8, 2),
    median_time_seconds numeric(8, 2),
    item_rest_r numeric(5, 4),
    item_rest_r_low numeric(5, 4),
    item_rest_r_high numeric(5, 4),
    item_total_r numeric(5, 4),
    d27 numeric(5, 4),
    key_suspect boolean not null,
    too_easy boolean not null,
    too_hard boolean not null,
    non_functional_distractor boolean not null,
    updated_at timestamptz not null default current_timestamp
);

create index analytics_question_statistics_flagged on analytics_question_statistics (question_id)
where key_suspect or too_easy or too_hard or non_functional_distractor;

create table analytics_question_options (
    question_id uuid not null references questions (id) on delete cascade,
    option_label text not null,
    is_in_catalogue boolean not null,
    is_key boolean not null,
    times_chosen integer not null,
    share numeric(5, 4),
    option_rest_r numeric(5, 4),
    updated_at timestamptz not null default current_timestamp,
    primary key (question_id, option_label)
);

create table analytics_test_statistics (
    test_id text primary key,
    test_template_id uuid references test_templates (id) on delete cascade,
    n integer not null,
    items integer not null,
    kr20 numeric(18, 4),
    alpha numeric(18, 4),
    sem numeric(18, 4),
    updated_at timestamptz not null default current_timestamp
);

create index analytics_test_statistics_template on analytics_test_statistics (test_template_id);
