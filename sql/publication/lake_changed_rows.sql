-- What: the rows of a lake table that are new or different since the version published last.
-- Reads: the table's Parquet files now (staged) and then (old); runs in the embedded engine.
-- Why: equal rows need not travel to Postgres to be found equal.
-- Notes: none.
select $lake_columns
from staged
left join old on $same_key
where $is_new or ($old_values) is distinct from ($staged_values)
