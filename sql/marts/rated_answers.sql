-- what: one row per question answered first before the weeks that its rates hold for, with these answers
-- reads: first_answers
-- why: a question's rate stands on sums over first answers, so a late one changes them and nothing else does
-- notes: up to the end of the week before the reading's, and of the one before that
select
    question,
    count(*) as answers,
    count(*) filter (where is_correct) as correct,
    count(*) filter (where utc_day <= $reading_day - 14) as previous_answers,
    count(*) filter (where utc_day <= $reading_day - 14 and is_correct) as previous_correct
from first_answers
where utc_day <= $reading_day - 7
group by question
