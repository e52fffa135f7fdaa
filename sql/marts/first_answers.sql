-- what: one row per student and question: the first answer
-- reads: contested_answers, earliest_answers
-- why: a repeated question measures memory of it, not mastery of its topic
-- notes: first by (time, attemptId, position)
select
    student,
    question,
    utc_day,
    least_correct = 1 as is_correct
from earliest_answers
where least_correct = most_correct
union all
select
    student,
    question,
    utc_day,
    is_correct
from contested_answers
where place = 1
