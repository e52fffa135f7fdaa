-- what: one row per first attempt that answers every question of its test's matrix
-- reads: first_attempt_answers, first_attempts, matrix_items
-- why: an attempt with a gap has no total that compares with the others
-- notes: the total is over the questions of the matrix
with items as (
    select
        test_id,
        count(*) as items
    from matrix_items
    group by test_id
),

sittings as (
    select
        attempts.test_id,
        attempts.sitting,
        count(*) as answered,
        cast(sum(case when answers.is_correct then 1 else 0 end) as bigint) as total
    from first_attempt_answers as answers
    inner join first_attempts as attempts on answers.sitting = attempts.sitting
    inner join matrix_items as matrix
        on attempts.test_id = matrix.test_id and answers.question = matrix.question
    group by attempts.test_id, attempts.sitting
)

select
    sittings.test_id,
    sittings.sitting,
    sittings.total,
    items.items
from sittings
inner join items on sittings.test_id = items.test_id and sittings.answered = items.items
