-- what: one row per test, question and totals of a first attempt that answers it
-- reads: first_attempt_answers, sitting_totals
-- why: how the best and the worst of a test answer a question, and who answered all of its matrix
-- notes: matrix_answers as in sitting_sums
with summed as (
    select
        answers.test,
        answers.question,
        totals.matrix_answers,
        totals.total,
        count(*) as answers,
        count(*) filter (where answers.is_correct) as correct
    from first_attempt_answers as answers
    inner join sitting_totals as totals on answers.sitting = totals.sitting
    group by answers.test, answers.question, totals.matrix_answers, totals.total
),

tests as (
    select distinct
        test,
        test_id
    from sitting_totals
)

select
    tests.test_id,
    summed.question,
    summed.matrix_answers,
    summed.total,
    summed.answers,
    summed.correct
from summed
inner join tests on summed.test = tests.test
