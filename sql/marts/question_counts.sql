-- what: one row per catalogue question, with how often it was answered in all eligible attempts
-- reads: catalogue_questions, graded_answers
-- why: these go into the catalogue's own columns, which count every answer and not only first ones
-- notes: the mean time is in whole seconds, halves up; null: no times
with answered as (
    select
        question_id,
        count(*) as answers,
        cast(sum(case when is_correct then 1 else 0 end) as bigint) as correct,
        count(seconds) as timed,
        cast(sum(cast(seconds * 1000000 as bigint)) as bigint) as micros
    from graded_answers
    group by question_id
)

select
    questions.question_id,
    coalesce(answered.answers, 0) as times_answered,
    coalesce(answered.correct, 0) as correct_count,
    (2 * answered.micros + 1000000 * answered.timed) // nullif(2000000 * answered.timed, 0)
        as average_time_seconds
from catalogue_questions as questions
left join answered on questions.question_id = answered.question_id
