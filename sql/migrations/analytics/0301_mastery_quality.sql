-- What: how good the mastery predictions of the last whole week were, beside percent correct.
-- Reads: nothing.
-- Why: what students are told about themselves is checked every week against what they then did.
-- Notes: two rows, one per model; a measure is null under 2,000 answers.
create table analytics_mastery_quality (
    week_start date not null,
    model text not null,
    answers bigint not null,
    students bigint not null,
    ece numeric(5, 4),
    log_loss numeric(6, 4),
    updated_at timestamptz not null default current_timestamp,
    primary key (week_start, model)
);
