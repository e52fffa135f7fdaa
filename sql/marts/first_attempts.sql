-- what: one row per student and test whose first eligible attempt holds answers
-- reads: attempt_levels, eligible_attempts
-- why: what was practised before says little about a question; students without PROFILE count, too
-- notes: first by (time, attemptId); a first attempt without answers is not replaced by a later one
with ordered as (
    select
        user_id,
        test_id,
        attempt_key,
        row_number() over (
            partition by user_id, test_id order by at_micros, attempt_id, attempt_key
        ) as place
    from eligible_attempts
)

select
    ordered.user_id,
    ordered.test_id,
    ordered.attempt_key
from ordered
inner join attempt_levels as answered
    on
        ordered.user_id = answered.user_id
        and ordered.test_id = answered.test_id
        and ordered.attempt_key = answered.attempt_key
where ordered.place = 1
