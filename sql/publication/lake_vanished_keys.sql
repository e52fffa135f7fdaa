-- What: the keys that a lake table no longer has since the version published last.
-- Reads: the table's Parquet files now (staged) and then (old); runs in the embedded engine.
-- Why: as lake_changed_rows.
-- Notes: none.
select $old_key
from old
where not exists (select 1 from staged where $same_key)
