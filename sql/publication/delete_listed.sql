-- What: deletes the published rows whose keys are listed.
-- Reads: a staging table of keys and the published table.
-- Why: what no longer exists is no longer shown.
-- Notes: the short form of delete_vanished, where it is known what vanished.
delete from $target as old
using $staging as staged
where $same_key
