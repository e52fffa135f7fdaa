-- what: one row per test and question of its matrix
-- reads: catalogue_test_questions, first_attempt_answers, first_attempts, question_numbers
-- why: reliability needs one set of questions that everybody answered
-- notes: the template's questions; those answered, for a test without a template or a template without questions
with templates as (
    select distinct
        attempts.test,
        questions.question
    from first_attempts as attempts
    inner join catalogue_test_questions as entries
        on attempts.test_template_id = entries.test_template_id
    inner join question_numbers as questions on entries.question_id = questions.question_id
),

answered as (
    select distinct
        answers.test,
        answers.question
    from first_attempt_answers as answers
    left join (select distinct test from templates) as known on answers.test = known.test
    where known.test is null
)

select
    test,
    question
from templates
union all
select
    test,
    question
from answered
