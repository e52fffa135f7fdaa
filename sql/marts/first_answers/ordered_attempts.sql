-- what: one row per eligible attempt of a student with PROFILE, with its place among the student's own
-- reads: eligible_attempts
-- why: a total order decides which answer was first; among few attempts it costs less than among many answers
-- notes: by (time, attemptId); test and key break what those leave open; students are numbered in order of user_id
with students as (
    select
        user_id,
        row_number() over (order by user_id) as student
    from eligible_attempts
    where is_known_user
    group by user_id
)

select
    attempts.user_id,
    attempts.test_id,
    attempts.attempt_key,
    attempts.at_micros,
    attempts.utc_day,
    students.student,
    row_number() over (
        partition by students.student
        order by
            attempts.at_micros, attempts.attempt_id, attempts.test_id, attempts.attempt_key
    ) as place
from eligible_attempts as attempts
inner join students on attempts.user_id = students.user_id
