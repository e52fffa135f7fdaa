-- what: one row per catalogue question answered in an eligible attempt, with its answers in all of them
-- reads: core_attempts, question_numbers
-- why: plain counts of a question are sums over attempts, so a night adds its own
-- notes: students without PROFILE included
with answers as (
    select unnest(answers) as answer
    from core_attempts
    where is_completed and is_graded
)

select
    questions.question,
    count(*) as answers,
    count(*) filter (where answers.answer.is_correct) as correct,
    count(answers.answer.seconds) as timed,
    coalesce(cast(sum(cast(answers.answer.seconds * 1000000 as bigint)) as bigint), 0) as micros
from answers
inner join question_numbers as questions
    on lower(answers.answer.question_ref) = questions.question_id
group by questions.question
