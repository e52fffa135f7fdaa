-- What: notes one applied migration file.
-- Reads: nothing.
-- Why: in the transaction that applied it.
-- Notes: none.
insert into analytics_migrations (name, sha256)
values ($name, $sha256)
