-- what: one row per question and time taken for it in first attempts
-- reads: first_attempt_answers
-- why: mean and median follow from how often each time was taken
-- notes: answers without a time are left out
select
    question,
    micros,
    count(*) as answers
from first_attempt_answers
where micros is not null
group by question, micros
