-- what: one row per student and test whose first eligible attempt holds answers
-- reads: eligible_attempts
-- why: what was practised before says little about a question; students without PROFILE count, too
-- notes: first by (time, attemptId); a first attempt without answers is not replaced by a later one
with ordered as (
    select
        user_id,
        test_id,
        attempt_key,
        has_answers,
        row_number() over (
            partition by user_id, test_id order by at_micros, attempt_id, attempt_key
        ) as place
    from eligible_attempts
)

select
    user_id,
    test_id,
    attempt_key
from ordered
where place = 1 and has_answers
