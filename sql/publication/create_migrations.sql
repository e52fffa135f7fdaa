-- What: the table of applied migration files.
-- Reads: nothing.
-- Why: a migration is applied once, and an applied file may not be edited.
-- Notes: the only table that no migration makes.
create table if not exists analytics_migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default current_timestamp
)
