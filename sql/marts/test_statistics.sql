-- what: one row per test with a first attempt that holds answers, with its reliability
-- reads: catalogue_tests, item_totals, matrix_items, sitting_sums
-- why: says how far a score of the test can be trusted
-- notes: k/(k-1) (1 - sum x(n-x) / (n sum T^2 - (sum T)^2)) over attempts that answer the whole matrix; of marks 0 and 1 alpha is KR-20
with matrices as (
    select
        test_id,
        count(*) as items
    from matrix_items
    group by test_id
),

totals as (
    select
        sums.test_id,
        cast(sum(sums.sittings) as bigint) as n,
        cast(sum(sums.matrix_total * sums.sittings) as bigint) as total_sum,
        cast(sum(sums.matrix_total * sums.matrix_total * sums.sittings) as bigint)
            as total_squares
    from sitting_sums as sums
    inner join matrices
        on sums.test_id = matrices.test_id and sums.matrix_answers = matrices.items
    group by sums.test_id
),

item_counts as (
    select
        items.test_id,
        items.question,
        cast(sum(items.correct) as bigint) as x
    from item_totals as items
    inner join matrix_items as matrix
        on items.test_id = matrix.test_id and items.question = matrix.question
    inner join matrices
        on items.test_id = matrices.test_id and items.matrix_answers = matrices.items
    group by items.test_id, items.question
),

item_spreads as (
    select
        item_counts.test_id,
        cast(sum(item_counts.x * (totals.n - item_counts.x)) as bigint) as spread
    from item_counts
    inner join totals on item_counts.test_id = totals.test_id
    group by item_counts.test_id
),

reliabilities as (
    select
        totals.test_id,
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
    inner join matrices on totals.test_id = matrices.test_id
    inner join item_spreads on totals.test_id = item_spreads.test_id
),

tests as (
    select distinct test_id
    from sitting_sums
)

select
    tests.test_id,
    templates.test_template_id,
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
left join catalogue_tests as templates on lower(tests.test_id) = templates.test_template_id
left join matrices on tests.test_id = matrices.test_id
left join reliabilities on tests.test_id = reliabilities.test_id
