-- what: one row per first attempt that answers every question of its test's matrix
-- reads: first_attempt_answers, matrix_items
-- why: an attempt with a gap has no total that compares with the others
-- notes: the total is over the questions of the matrix
with items as (
    select
        test,
        count(*) as items
    from matrix_items
    group by test
),

sittings as (
    select
        answers.test,
        answers.sitting,
        count(*) as answered,
        cast(sum(case when answers.is_correct then 1 else 0 end) as bigint) as total
    from first_attempt_answers as answers
    inner join matrix_items as matrix
        on answers.test = matrix.test and answers.question = matrix.question
    group by answers.test, answers.sitting
)

select
    sittings.test,
    sittings.sitting,
    sittings.total,
    items.items
from sittings
inner join items on sittings.test = items.test and sittings.answered = items.items
