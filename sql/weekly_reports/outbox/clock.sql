-- What: one row with the database's time.
-- Reads: nothing.
-- Why: mails leave at the right hour only if this machine's clock agrees.
-- Notes: none.
select clock_timestamp() as now
