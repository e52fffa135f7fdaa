-- what: one row per test with a scored first attempt, with the totals that border its top and bottom 27 %
-- reads: sitting_sums
-- why: a good question is answered better by those who do better on its test
-- notes: borders at round half up of .27 n; ties join the higher group, so the groups may differ in size; null: an empty group
with counted as (
    select
        test_id,
        total,
        cast(sum(scored) as bigint) as scored
    from sitting_sums
    where scored > 0
    group by test_id, total
),

placed as (
    select
        test_id,
        total,
        cast(sum(scored) over (partition by test_id order by total desc) as bigint) as up_to,
        cast(sum(scored) over (partition by test_id) as bigint) as n
    from counted
),

groups as (
    select
        test_id,
        total,
        up_to,
        n,
        (27 * n + 50) // 100 as group_size
    from placed
)

select
    test_id,
    max(case when group_size > 0 and up_to >= group_size then total end) as lowest_of_top,
    max(
        case when group_size > 0 and n > group_size and up_to >= n - group_size then total end
    ) as lowest_above_bottom
from groups
group by test_id
