-- what: one row per first attempt, with its total, and its total on the questions of its test's matrix
-- reads: catalogue_test_questions, first_attempt_answers, question_numbers, sittings
-- why: correlations need the total of each attempt, reliability those of complete attempts alone
-- notes: the matrix is the template's questions, else every question answered in the test; matrix_answers is 0 where one of a template's is missing
with tests as (
    select distinct
        test,
        test_id
    from sittings
),

templates as (
    select distinct
        tests.test,
        questions.question
    from tests
    inner join catalogue_test_questions as entries
        on lower(tests.test_id) = entries.test_template_id
    inner join question_numbers as questions on entries.question_id = questions.question_id
),

sizes as (
    select
        test,
        count(*) as items
    from templates
    group by test
),

totals as (
    select
        answers.sitting,
        count(*) as answers,
        count(*) filter (where answers.is_correct) as total,
        count(templates.test) as template_answers,
        count(*) filter (where answers.is_correct and templates.test is not null) as template_total
    from first_attempt_answers as answers
    left join templates
        on answers.test = templates.test and answers.question = templates.question
    group by answers.sitting
)

select
    sittings.sitting,
    sittings.test,
    sittings.test_id,
    coalesce(totals.answers, 0) as answers,
    coalesce(totals.total, 0) as total,
    case
        when sizes.items is null then coalesce(totals.answers, 0)
        when totals.template_answers = sizes.items then sizes.items
        else 0
    end as matrix_answers,
    case
        when sizes.items is null then coalesce(totals.total, 0)
        when totals.template_answers = sizes.items then totals.template_total
        else 0
    end as matrix_total
from sittings
left join totals on sittings.sitting = totals.sitting
left join sizes on sittings.test = sizes.test
