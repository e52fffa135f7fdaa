-- What: counts what was loaded.
-- Reads: the staging table.
-- Why: nothing does it by itself for a temporary table, and the plan of the comparison needs it.
-- Notes: none.
analyze $staging
