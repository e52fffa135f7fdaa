-- What: adds the rows and the digest of each table to the ledger of publications, as columns.
-- Reads: analytics_publications.
-- Why: they are asked for by name; `tables` holds what was done, too.
-- Notes: computed once for the publications of before.
alter table analytics_publications
add column row_counts jsonb not null default '{}',
add column digests jsonb not null default '{}'
