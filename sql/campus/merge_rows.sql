-- What: new and changed catalogue rows (one row per staged row that differs).
-- Reads: the staged rows.
-- Why: loading the same catalogue again must write nothing.
-- Notes: columns that the file lacks (the question statistics) keep their values.
insert into $table as present ($columns)
select $columns from $staging
on conflict (id)
do update set ($columns) = row($excluded)
where row($present) is distinct from row($excluded);
