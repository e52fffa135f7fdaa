-- what: one row per test and totals of a first attempt: how many attempts have them
-- reads: sitting_totals
-- why: borders of the top and bottom 27 % and the spread of totals follow from these counts
-- notes: scored attempts are those with an answer to a catalogue question
select
    test_id,
    matrix_answers,
    matrix_total,
    total,
    count(*) as sittings,
    count(*) filter (where answers > 0) as scored
from sitting_totals
group by test_id, matrix_answers, matrix_total, total
