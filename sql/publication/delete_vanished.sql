-- What: deletes the published rows whose key the lake no longer has.
-- Reads: a staging table and its published one.
-- Why: what no longer exists is no longer shown.
-- Notes: none.
delete from $target as old
where not exists (select 1 from $staging as staged where $same_key)
