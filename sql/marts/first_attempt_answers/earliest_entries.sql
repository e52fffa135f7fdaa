-- what: one row per first attempt and question in it, with the range of its positions
-- reads: first_attempts, graded_answers, question_numbers
-- why: nearly every question stands once in an attempt; then each minimum is its only value
-- notes: the values of a question that stands twice are not used
select
    attempts.sitting,
    questions.question,
    min(answers.position) as first_position,
    max(answers.position) as last_position,
    min(case when answers.is_correct then 1 else 0 end) as is_correct,
    min(answers.selected_option) as selected_option,
    min(cast(answers.seconds * 1000000 as bigint)) as micros
from graded_answers as answers
inner join first_attempts as attempts
    on
        answers.user_id = attempts.user_id
        and answers.test_id = attempts.test_id
        and answers.attempt_key = attempts.attempt_key
inner join question_numbers as questions on answers.question_id = questions.question_id
group by attempts.sitting, questions.question
