-- what: one row per answer of an eligible attempt whose question is in the catalogue
-- reads: catalogue_questions, core_attempts
-- why: mastery and question statistics stand on the same answers
-- notes: topic and difficulty are the catalogue's, never the attempt's; nothing is joined that a night changes, so old months are never computed again
with answers as (
    select
        user_id,
        test_id,
        attempt_key,
        coalesce(attempt_id, test_id || '#' || attempt_key) as attempt_id,
        coalesce(ended_at_micros, started_at_micros) as at_micros,
        unnest(answers) as answer
    from core_attempts
    where is_completed and is_graded
)

select
    answers.user_id,
    answers.test_id,
    answers.attempt_key,
    answers.attempt_id,
    answers.at_micros,
    (answers.at_micros + 86400000000000000) // 86400000000 - 1000000 as utc_day,
    answers.answer.position as position,
    questions.question_id,
    questions.topic_id,
    questions.difficulty,
    answers.answer.is_correct as is_correct,
    answers.answer.selected_option as selected_option,
    answers.answer.seconds as seconds
from answers
inner join catalogue_questions as questions
    on lower(answers.answer.question_ref) = questions.question_id
