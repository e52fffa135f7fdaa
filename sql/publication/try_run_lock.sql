-- What: one row: whether this transaction now is the only run.
-- Reads: nothing.
-- Why: a second run should say at once that one is at work, not after an hour of the same work.
-- Notes: held to the end of the transaction, so that a killed run leaves nothing behind, and a
--        transaction pooler keeps it. It is a courtesy: what protects the tables is the fence.
select pg_try_advisory_xact_lock(7233719, 42816)
