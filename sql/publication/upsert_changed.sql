-- What: inserts the new rows and updates the different ones.
-- Reads: a staging table and its published one.
-- Why: the comparison first, so that an equal row is neither locked nor written.
-- Notes: in order of the key, so that two writers cannot wait for each other in a ring.
insert into $target as published ($columns)
select $staged_columns
from $staging as staged
left join $target as old on $same_key
where $is_new or ($old_values) is distinct from ($staged_values)
order by $staged_key
on conflict ($key) do update set $assignments, updated_at = current_timestamp
