-- What: one row per metric, scope, scope key and ranked student.
-- Reads: nothing; scope_key is a text, for it names a university or a subject.
-- Why: a ranking is read page by page in order of rank; a student's own ranks by user_id.
-- Notes: metric and scope are closed sets that the declaration checks.
create table analytics_rankings (
    metric text not null,
    scope text not null,
    scope_key text not null,
    user_id text not null,
    rank integer not null,
    dense_rank integer not null,
    tie_size integer not null,
    population integer not null,
    percentile numeric(5, 2) not null,
    value numeric not null,
    previous_rank integer,
    moved_by_self integer,
    moved_by_others integer,
    moved_by_joiners integer,
    moved_by_leavers integer,
    updated_at timestamptz not null default current_timestamp,
    primary key (metric, scope, scope_key, user_id)
);

create index analytics_rankings_rank
on analytics_rankings (metric, scope, scope_key, rank, user_id);
create index analytics_rankings_user on analytics_rankings (user_id);
