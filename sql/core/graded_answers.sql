-- what: one row per answer of an eligible attempt whose question is in the catalogue
-- reads: catalogue_questions, core_attempts, eligible_attempts
-- why: mastery and question statistics stand on the same answers
-- notes: topic and difficulty are the catalogue's, never the attempt's
with answers as (
    select user_id, test_id, attempt_key, unnest(answers) as answer
    from core_attempts
    where is_completed and is_graded
)

select
    answers.user_id,
    attempts.is_known_user,
    answers.test_id,
    answers.attempt_key,
    attempts.attempt_id,
    attempts.at_micros,
    attempts.utc_day,
    answers.answer.position as position,
    questions.question_id,
    questions.topic_id,
    questions.difficulty,
    answers.answer.is_correct as is_correct,
    answers.answer.selected_option as selected_option,
    answers.answer.seconds as seconds
from answers
inner join eligible_attempts as attempts
    on
        answers.user_id = attempts.user_id
        and answers.test_id = attempts.test_id
        and answers.attempt_key = attempts.attempt_key
inner join catalogue_questions as questions
    on lower(answers.answer.question_ref) = questions.question_id
