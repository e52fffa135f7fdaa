-- what: one row per eligible attempt of a student with PROFILE, with its place among the student's own
-- reads: core_attempts, known_students
-- why: a total order decides which answer was first; among few attempts it costs less than among many answers
-- notes: by (time, attemptId); test and key break what those leave open
select
    attempts.user_id,
    attempts.test_id,
    attempts.attempt_key,
    students.student,
    (coalesce(attempts.ended_at_micros, attempts.started_at_micros) + 86400000000000000)
    // 86400000000 - 1000000 as utc_day,
    row_number() over (
        partition by students.student
        order by
            coalesce(attempts.ended_at_micros, attempts.started_at_micros),
            coalesce(attempts.attempt_id, attempts.test_id || '#' || attempts.attempt_key),
            attempts.test_id,
            attempts.attempt_key
    ) as place
from core_attempts as attempts
inner join known_students as students on attempts.user_id = students.user_id
where attempts.is_completed and attempts.is_graded
