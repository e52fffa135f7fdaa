-- what: one row per board and value that a ranked student has, or had if he was ranked a week ago
-- reads: board_values
-- why: ranks, and how many stand or stood above, follow from the value alone; so they are counted once per value
-- notes: those ranked both times are the stayers; up_to and dense_rank count what is ranked now, and the values above this one are above
with counted as (
    select
        board,
        value,
        1 as ranked,
        case when old_rank is not null then 1 else 0 end as stayers,
        0 as old_stayers
    from board_values
    union all
    select
        board,
        old_value as value,
        0 as ranked,
        0 as stayers,
        1 as old_stayers
    from board_values
    where old_rank is not null
),

levels as (
    select
        board,
        value,
        cast(sum(ranked) as bigint) as tie_size,
        cast(sum(stayers) as bigint) as stayers,
        cast(sum(old_stayers) as bigint) as old_stayers
    from counted
    group by board, value
)

select
    board,
    value,
    tie_size,
    cast(sum(tie_size) over (partition by board) as bigint) as population,
    cast(sum(tie_size) over (partition by board order by value desc) as bigint) as up_to,
    cast(
        sum(case when tie_size > 0 then 1 else 0 end)
            over (partition by board order by value desc)
        as bigint
    ) as dense_rank,
    cast(sum(stayers) over (partition by board order by value desc) as bigint) - stayers
        as stayers_above,
    cast(sum(old_stayers) over (partition by board order by value desc) as bigint) - old_stayers
        as old_stayers_above
from levels
