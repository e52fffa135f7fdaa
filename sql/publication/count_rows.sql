-- What: one row: how many rows a published table has.
-- Reads: the published table.
-- Why: a table may be skipped only while it still holds what the last publication left in it.
-- Notes: none.
select count(*)
from $target
