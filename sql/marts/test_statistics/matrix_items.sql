-- what: one row per test and question of its matrix
-- reads: catalogue_test_questions, item_totals, question_numbers, sitting_sums
-- why: reliability needs one set of questions that everybody answered
-- notes: the template's questions; those answered, for a test without a template or a template without questions
with tests as (
    select distinct test_id
    from sitting_sums
),

templates as (
    select distinct
        tests.test_id,
        questions.question
    from tests
    inner join catalogue_test_questions as entries
        on lower(tests.test_id) = entries.test_template_id
    inner join question_numbers as questions on entries.question_id = questions.question_id
),

answered as (
    select distinct
        items.test_id,
        items.question
    from item_totals as items
    left join (select distinct test_id from templates) as known on items.test_id = known.test_id
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
