-- what: one row per first attempt, with a number for itself and one for its test
-- reads: first_attempts
-- why: whole numbers join and group several times faster than the texts they stand for
-- notes: numbers live as long as the run of the models
select
    user_id,
    test_id,
    attempt_key,
    cast(dense_rank() over (order by test_id) as bigint) as test,
    cast(row_number() over (order by test_id, user_id) as bigint) as sitting
from first_attempts
