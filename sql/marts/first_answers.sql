-- what: one row per student with PROFILE and question: the first answer
-- reads: earliest_answers, ordered_attempts
-- why: a repeated question measures memory of it, not mastery of its topic
-- notes: first by (time, attemptId, position)
select
    attempts.user_id,
    earliest.question,
    attempts.utc_day,
    earliest.first_place % 2 = 1 as is_correct,
    attempts.at_micros
from earliest_answers as earliest
inner join ordered_attempts as attempts
    on
        earliest.student = attempts.student
        and earliest.first_place // 4294967296 = attempts.place
order by attempts.student, earliest.question
