-- what: one row per test with a first attempt that holds answers, with its reliability
-- reads: complete_sittings, first_attempt_answers, first_attempts, matrix_items
-- why: says how far a score of the test can be trusted
-- notes: k/(k-1) (1 - sum x(n-x) / (n sum T^2 - (sum T)^2)); of marks 0 and 1 alpha is KR-20
with tests as (
    select
        test,
        min(test_id) as test_id,
        max(test_template_id) as test_template_id
    from first_attempts
    group by test
),

matrices as (
    select
        test,
        count(*) as items
    from matrix_items
    group by test
),

totals as (
    select
        test,
        count(*) as n,
        cast(sum(total) as bigint) as total_sum,
        cast(sum(total * total) as bigint) as total_squares
    from complete_sittings
    group by test
),

item_counts as (
    select
        sittings.test,
        answers.question,
        cast(sum(case when answers.is_correct then 1 else 0 end) as bigint) as x
    from complete_sittings as sittings
    inner join first_attempt_answers as answers on sittings.sitting = answers.sitting
    inner join matrix_items as matrix
        on sittings.test = matrix.test and answers.question = matrix.question
    group by sittings.test, answers.question
),

item_spreads as (
    select
        item_counts.test,
        cast(sum(item_counts.x * (totals.n - item_counts.x)) as bigint) as spread
    from item_counts
    inner join totals on item_counts.test = totals.test
    group by item_counts.test
),

reliabilities as (
    select
        totals.test,
        totals.n,
        totals.n * totals.total_squares - totals.total_sum * totals.total_sum as spread,
        matrices.items / nullif(cast(matrices.items - 1 as double), 0)
        * (
            1 - item_spreads.spread / nullif(
                cast(
                    totals.n * totals.total_squares - totals.total_sum * totals.total_sum as double
                ),
                0
            )
        ) as kr20
    from totals
    inner join matrices on totals.test = matrices.test
    inner join item_spreads on totals.test = item_spreads.test
)

select
    tests.test_id,
    tests.test_template_id,
    coalesce(reliabilities.n, 0) as n,
    coalesce(matrices.items, 0) as items,
    cast(floor(reliabilities.kr20 * 10000 + 0.5e0) / 10000 as decimal(18, 4)) as kr20,
    cast(floor(reliabilities.kr20 * 10000 + 0.5e0) / 10000 as decimal(18, 4)) as alpha,
    cast(
        floor(
            sqrt(
                reliabilities.spread
                / nullif(cast(reliabilities.n * (reliabilities.n - 1) as double), 0)
                * case when reliabilities.kr20 > 1 then 0e0 else 1 - reliabilities.kr20 end
            ) * 10000 + 0.5e0
        ) / 10000 as decimal(18, 4)
    ) as sem
from tests
left join matrices on tests.test = matrices.test
left join reliabilities on tests.test = reliabilities.test
