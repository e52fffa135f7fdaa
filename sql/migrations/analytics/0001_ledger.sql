-- What: the ledger of publication, its fence, the tasks of the rank write-back, the erasure list.
-- Reads: nothing.
-- Why: a publication is one row here in the transaction that changes all other tables.
-- Notes: a publisher locks the fence's only row first; readers never touch it.
create table analytics_publications (
    sequence bigint primary key check (sequence >= 1),
    as_of date not null,
    export_chain jsonb not null,
    code_version text not null,
    lake_version bigint not null,
    lake_commit_id text not null,
    tables jsonb not null,
    commit_id text not null unique,
    published_at timestamptz not null default current_timestamp
);

create index analytics_publications_as_of on analytics_publications (as_of, sequence);

create table analytics_publication_fence (
    is_only_row boolean primary key default true check (is_only_row),
    sequence bigint not null check (sequence >= 0)
);

insert into analytics_publication_fence (sequence) values (0);

create table analytics_rank_writes (
    user_id text primary key,
    table_arn text not null,
    global_rank integer not null,
    university_rank integer,
    subject_ranks jsonb not null,
    ranks_as_of date not null,
    reputations_digest text not null,
    status text not null check (status in ('pending', 'written', 'gone', 'superseded')),
    settled_at timestamptz,
    check ((status = 'pending') = (settled_at is null))
);

create index analytics_rank_writes_pending on analytics_rank_writes (md5(user_id))
where status = 'pending';

create table analytics_erased_users (
    user_hash text primary key,
    erased_at timestamptz not null default current_timestamp
);

create table analytics_erasure_key (
    is_only_row boolean primary key default true check (is_only_row),
    secret text not null
);

revoke all on analytics_erasure_key from public;
