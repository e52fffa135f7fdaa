-- what: one row per test, question and chosen option, with the correlation of choosing it with the rest score
-- reads: item_sums
-- why: the key should attract those who do well on the rest, the others those who do not
-- notes: over answers with a recorded option; in ten-thousand-millionths; null where a variance is zero
with recorded as (
    select
        test_id,
        question,
        selected_option,
        answers,
        total_sum - case when is_correct then answers else 0 end as rest_sum,
        total_squares - case when is_correct then 2 * total_sum - answers else 0 end as rest_squares
    from item_sums
    where selected_option <> ''
),

questions as (
    select
        test_id,
        question,
        cast(sum(answers) as bigint) as n,
        cast(sum(rest_sum) as bigint) as r,
        cast(sum(rest_squares) as bigint) as rr
    from recorded
    group by test_id, question
),

options as (
    select
        test_id,
        question,
        selected_option,
        cast(sum(answers) as bigint) as o,
        cast(sum(rest_sum) as bigint) as o_r
    from recorded
    group by test_id, question, selected_option
),

spreads as (
    select
        questions.question,
        options.selected_option,
        questions.n,
        options.o,
        questions.n * options.o_r - options.o * questions.r as covariance,
        cast(questions.n * options.o - options.o * options.o as double) as o_spread,
        cast(questions.n * questions.rr - questions.r * questions.r as double) as r_spread
    from options
    inner join questions
        on options.test_id = questions.test_id and options.question = questions.question
)

select
    question,
    selected_option,
    n,
    o,
    case
        when o_spread > 0 and r_spread > 0
            then cast(
                floor(covariance / nullif(sqrt(o_spread * r_spread), 0) * 1e10 + 0.5e0) as bigint
            )
    end as option_rest
from spreads
