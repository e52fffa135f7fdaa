-- What: waits for the right to migrate, held to the end of the transaction.
-- Reads: nothing.
-- Why: two upgrades at once would apply a file twice.
-- Notes: the number is this product's own; lock_timeout limits the wait.
select pg_advisory_xact_lock(7233719042815)
