-- what: one row per test and question, with its correlations within the test
-- reads: item_sums
-- why: totals of different tests do not compare, so correlations are taken per test and pooled afterwards
-- notes: in ten-thousand-millionths, so that pooling adds whole numbers; null where a variance is zero
with items as (
    select
        test_id,
        question_id,
        cast(sum(answers) as bigint) as n,
        cast(sum(case when is_correct then answers else 0 end) as bigint) as x,
        cast(sum(total_sum) as bigint) as t,
        cast(sum(total_squares) as bigint) as tt,
        cast(sum(case when is_correct then total_sum else 0 end) as bigint) as xt,
        cast(sum(top_answers) as bigint) as top_n,
        cast(sum(case when is_correct then top_answers else 0 end) as bigint) as top_x,
        cast(sum(bottom_answers) as bigint) as bottom_n,
        cast(sum(case when is_correct then bottom_answers else 0 end) as bigint) as bottom_x
    from item_sums
    group by test_id, question_id
),

spreads as (
    select
        *,
        t - x as r,
        cast(n * x - x * x as double) as x_spread,
        cast(n * tt - t * t as double) as t_spread,
        cast(n * (tt - 2 * xt + x) - (t - x) * (t - x) as double) as r_spread
    from items
),

correlations as (
    select
        test_id,
        question_id,
        n,
        x,
        case
            when x_spread > 0 and r_spread > 0
                then (n * (xt - x) - x * r) / nullif(sqrt(x_spread * r_spread), 0)
        end as item_rest,
        case
            when x_spread > 0 and t_spread > 0
                then (n * xt - x * t) / nullif(sqrt(x_spread * t_spread), 0)
        end as item_total,
        case
            when top_n > 0 and bottom_n > 0
                then
                    top_x / nullif(cast(top_n as double), 0)
                    - bottom_x / nullif(cast(bottom_n as double), 0)
        end as d27
    from spreads
)

select
    test_id,
    question_id,
    n,
    x,
    cast(floor(item_rest * 1e10 + 0.5e0) as bigint) as item_rest,
    cast(floor(item_total * 1e10 + 0.5e0) as bigint) as item_total,
    cast(floor(d27 * 1e10 + 0.5e0) as bigint) as d27
from correlations
