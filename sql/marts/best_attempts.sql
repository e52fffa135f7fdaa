-- what: one row per student and test with an eligible attempt: the best one
-- reads: eligible_attempts
-- why: a board ranks everybody's best attempt, and a night changes the best of a few
-- notes: by score, then time, then which was first; students without PROFILE are on no board
with ordered as (
    select
        *,
        row_number() over (
            partition by user_id, test_id
            order by
                score desc,
                time_spent_seconds asc,
                at_micros asc,
                attempt_id asc,
                attempt_key asc
        ) as place,
        count(*) over (partition by user_id, test_id) as attempts
    from eligible_attempts
    where is_known_user
)

select
    user_id,
    test_id,
    test_template_id,
    attempts,
    score,
    time_spent_seconds as seconds,
    at_micros
from ordered
where place = 1
