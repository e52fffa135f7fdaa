-- what: one row per test, question, selected option and outcome in first attempts: the sums
-- reads: first_attempt_answers, question_numbers, sitting_totals
-- why: every correlation of a question or option follows from these whole numbers, in any order
-- notes: total is that of the attempt, this answer included
with numbered as (
    select
        totals.test_id,
        answers.question,
        coalesce(answers.selected_option, '') as selected_option,
        answers.is_correct,
        totals.total,
        totals.is_top,
        totals.is_bottom
    from first_attempt_answers as answers
    inner join sitting_totals as totals on answers.sitting = totals.sitting
),

summed as (
    select
        test_id,
        question,
        selected_option,
        is_correct,
        count(*) as answers,
        cast(sum(total) as bigint) as total_sum,
        cast(sum(total * total) as bigint) as total_squares,
        cast(sum(case when is_top then 1 else 0 end) as bigint) as top_answers,
        cast(sum(case when is_bottom then 1 else 0 end) as bigint) as bottom_answers
    from numbered
    group by test_id, question, selected_option, is_correct
)

select
    summed.test_id,
    questions.question_id,
    summed.selected_option,
    summed.is_correct,
    summed.answers,
    summed.total_sum,
    summed.total_squares,
    summed.top_answers,
    summed.bottom_answers
from summed
inner join question_numbers as questions on summed.question = questions.question
