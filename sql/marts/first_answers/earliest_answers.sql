-- what: one row per student and question answered, with the place of the first answer
-- reads: core_attempts, ordered_attempts, question_numbers
-- why: one whole number says attempt, position and outcome, so one minimum finds the first answer
-- notes: place of the attempt times 2^32, position times 2, 1 if correct
with answers as (
    select
        ordered.student,
        ordered.place * 4294967296 as place,
        unnest(attempts.answers) as answer
    from core_attempts as attempts
    inner join ordered_attempts as ordered
        on
            attempts.user_id = ordered.user_id
            and attempts.test_id = ordered.test_id
            and attempts.attempt_key = ordered.attempt_key
)

select
    answers.student,
    questions.question,
    min(
        answers.place
        + answers.answer.position * 2
        + case when answers.answer.is_correct then 1 else 0 end
    ) as first_place
from answers
inner join question_numbers as questions
    on lower(answers.answer.question_ref) = questions.question_id
group by answers.student, questions.question
