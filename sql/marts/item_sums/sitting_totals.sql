-- what: one row per first attempt, with its total and whether it is in the top or bottom 27 % of its test
-- reads: first_attempt_answers, first_attempts
-- why: a good question is answered better by those who do better on its test
-- notes: borders at round half up of .27 n; ties join the higher group, so the groups may differ in size
with totals as (
    select
        sitting,
        cast(sum(case when is_correct then 1 else 0 end) as bigint) as total
    from first_attempt_answers
    group by sitting
),

placed as (
    select
        totals.sitting,
        attempts.test_id,
        totals.total,
        row_number() over (
            partition by attempts.test_id order by totals.total desc, totals.sitting asc
        ) as place,
        (27 * count(*) over (partition by attempts.test_id) + 50) // 100 as group_size,
        count(*) over (partition by attempts.test_id) as sittings
    from totals
    inner join first_attempts as attempts on totals.sitting = attempts.sitting
),

borders as (
    select
        test_id,
        min(case when place = group_size then total end) as lowest_of_top,
        min(case when place = sittings - group_size then total end) as lowest_above_bottom
    from placed
    group by test_id
)

select
    placed.sitting,
    placed.test_id,
    placed.total,
    coalesce(placed.total >= borders.lowest_of_top, false) as is_top,
    coalesce(
        placed.group_size > 0 and placed.total < borders.lowest_above_bottom, false
    ) as is_bottom
from placed
inner join borders on placed.test_id = borders.test_id
