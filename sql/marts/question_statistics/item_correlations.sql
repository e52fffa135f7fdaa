-- what: one row per test and question, with its correlations within the test
-- reads: group_borders, item_sums, item_totals
-- why: totals of different tests do not compare, so correlations are taken per test and pooled afterwards
-- notes: in ten-thousand-millionths, so that pooling adds whole numbers; null where a variance is zero
with items as (
    select
        test_id,
        question,
        cast(sum(answers) as bigint) as n,
        cast(sum(case when is_correct then answers else 0 end) as bigint) as x,
        cast(sum(total_sum) as bigint) as t,
        cast(sum(total_squares) as bigint) as tt,
        cast(sum(case when is_correct then total_sum else 0 end) as bigint) as xt
    from item_sums
    group by test_id, question
),

ends as (
    select
        totals.test_id,
        totals.question,
        totals.answers,
        totals.correct,
        coalesce(totals.total >= borders.lowest_of_top, false) as is_top,
        coalesce(totals.total < borders.lowest_above_bottom, false) as is_bottom
    from item_totals as totals
    inner join group_borders as borders on totals.test_id = borders.test_id
),

groups as (
    select
        test_id,
        question,
        cast(sum(case when is_top then answers else 0 end) as bigint) as top_n,
        cast(sum(case when is_top then correct else 0 end) as bigint) as top_x,
        cast(sum(case when is_bottom then answers else 0 end) as bigint) as bottom_n,
        cast(sum(case when is_bottom then correct else 0 end) as bigint) as bottom_x
    from ends
    group by test_id, question
),

spreads as (
    select
        items.*,
        groups.top_n,
        groups.top_x,
        groups.bottom_n,
        groups.bottom_x,
        items.t - items.x as r,
        cast(items.n * items.x - items.x * items.x as double) as x_spread,
        cast(items.n * items.tt - items.t * items.t as double) as t_spread,
        cast(
            items.n * (items.tt - 2 * items.xt + items.x)
            - (items.t - items.x) * (items.t - items.x) as double
        ) as r_spread
    from items
    inner join groups on items.test_id = groups.test_id and items.question = groups.question
),

correlations as (
    select
        test_id,
        question,
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
    question,
    n,
    x,
    cast(floor(item_rest * 1e10 + 0.5e0) as bigint) as item_rest,
    cast(floor(item_total * 1e10 + 0.5e0) as bigint) as item_total,
    cast(floor(d27 * 1e10 + 0.5e0) as bigint) as d27
from correlations
