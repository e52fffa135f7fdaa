-- What: one row; from here on the page's transaction reads by index wherever one fits.
-- Reads: nothing.
-- Why: the planner misjudges how rare a prefix is, and would read a million rows to find none.
-- Notes: ends with the transaction.
select
    set_config('enable_seqscan', 'off', true) as seqscan,
    set_config('jit', 'off', true) as jit
