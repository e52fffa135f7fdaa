-- What: one row: the limits of the transaction as set.
-- Reads: nothing.
-- Why: a publication that waits or runs too long gives up; an abandoned one is ended.
-- Notes: true means to the end of the transaction, which a transaction pooler respects.
select
    set_config('lock_timeout', $lock_timeout, true),
    set_config('statement_timeout', '10min', true),
    set_config('idle_in_transaction_session_timeout', '60s', true),
    set_config('work_mem', '64MB', true),
    set_config('temp_buffers', '64MB', true)
