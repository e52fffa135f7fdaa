-- what: one row per test and question of its matrix
-- reads: catalogue_test_questions, first_attempt_answers, first_attempts, question_numbers
-- why: reliability needs one set of questions that everybody answered
-- notes: the template's questions; those answered, for a test without a template or a template without questions
with templates as (
    select distinct
        attempts.test_id,
        questions.question
    from first_attempts as attempts
    inner join catalogue_test_questions as entries
        on attempts.test_template_id = entries.test_template_id
    inner join question_numbers as questions on entries.question_id = questions.question_id
),

answered as (
    select distinct
        attempts.test_id,
        answers.question
    from first_attempt_answers as answers
    inner join first_attempts as attempts on answers.sitting = attempts.sitting
    left join (select distinct test_id from templates) as known
        on attempts.test_id = known.test_id
    where known.test_id is null
)

select
    test_id,
    question
from templates
union all
select
    test_id,
    question
from answered
