-- What: an empty temporary table for the ranks that the exported REPUTATION items hold.
-- Reads: nothing.
-- Why: an item that has its ranks already is not written.
-- Notes: nulls stand for attributes that the item lacks; exported_until is the end of its table's
--        chain. Gone at the end of the transaction.
create temporary table staged_reputations (
    user_id text not null,
    table_arn text not null,
    global_rank bigint,
    university_rank bigint,
    subject_ranks jsonb,
    exported_until timestamptz
) on commit drop
