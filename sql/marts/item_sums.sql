-- what: one row per test, question, selected option and outcome in first attempts: the sums
-- reads: first_attempt_answers, sitting_totals
-- why: every correlation of a question or option follows from these whole numbers, in any order
-- notes: total is that of the attempt, this answer included
with summed as (
    select
        answers.test,
        answers.question,
        answers.is_correct,
        coalesce(answers.selected_option, '') as selected_option,
        count(*) as answers,
        cast(sum(totals.total) as bigint) as total_sum,
        cast(sum(totals.total * totals.total) as bigint) as total_squares
    from first_attempt_answers as answers
    inner join sitting_totals as totals on answers.sitting = totals.sitting
    group by
        answers.test,
        answers.question,
        coalesce(answers.selected_option, ''),
        answers.is_correct
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
    summed.selected_option,
    summed.is_correct,
    summed.answers,
    summed.total_sum,
    summed.total_squares
from summed
inner join tests on summed.test = tests.test
