-- what: one row per catalogue question, with how often it was answered in all eligible attempts
-- reads: core_attempts, question_numbers
-- why: these go into the catalogue's own columns, which count every answer and not only first ones
-- notes: the mean time is in whole seconds, halves up; null: no times
with answers as (
    select unnest(answers) as answer
    from core_attempts
    where is_completed and is_graded
),

answered as (
    select
        questions.question,
        count(*) as answers,
        count(*) filter (where answers.answer.is_correct) as correct,
        count(answers.answer.seconds) as timed,
        cast(sum(cast(answers.answer.seconds * 1000000 as bigint)) as bigint) as micros
    from answers
    inner join question_numbers as questions
        on lower(answers.answer.question_ref) = questions.question_id
    group by questions.question
)

select
    numbers.question_id,
    coalesce(answered.answers, 0) as times_answered,
    coalesce(answered.correct, 0) as correct_count,
    (2 * answered.micros + 1000000 * answered.timed) // nullif(2000000 * answered.timed, 0)
        as average_time_seconds
from question_numbers as numbers
left join answered on numbers.question = answered.question
