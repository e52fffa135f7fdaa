-- what: one row per metric, scope, scope key and ranked student
-- reads: board_values, known_students, ranked_boards, value_levels
-- why: where a student stands, and why it changed since the ranking of a week ago
-- notes: among those ranked both times, `self` is the move that one's own new value makes against the others' old values, `others` the rest; with joiners at new and leavers at old values the parts sum to previous_rank - rank
with ranks as (
    select
        *,
        up_to - tie_size + 1 as rank,
        cast(
            cast(
                (20000 * (population - up_to) + 10000 * tie_size + population)
                // nullif(2 * population, 0) as decimal(5, 0)
            ) * 0.01 as decimal(5, 2)
        ) as percentile
    from value_levels
),

placed as (
    select
        standing.board,
        standing.student,
        ranks.rank,
        ranks.dense_rank,
        ranks.tie_size,
        ranks.population,
        ranks.percentile,
        standing.value,
        standing.old_rank,
        ranks.old_stayers_above
        - case when standing.old_value > standing.value then 1 else 0 end as others_old_above,
        before.old_stayers_above as stayers_above_before,
        ranks.stayers_above as stayers_above_now
    from board_values as standing
    inner join ranks on standing.board = ranks.board and standing.value = ranks.value
    left join value_levels as before
        on standing.board = before.board and standing.old_value = before.value
)

select
    boards.metric,
    boards.scope,
    boards.scope_key,
    students.user_id,
    placed.rank,
    placed.dense_rank,
    placed.tie_size,
    placed.population,
    placed.percentile,
    placed.value,
    placed.old_rank as previous_rank,
    placed.stayers_above_before - placed.others_old_above as moved_by_self,
    case
        when placed.old_rank is not null then placed.others_old_above - placed.stayers_above_now
    end as moved_by_others,
    case
        when placed.old_rank is not null then placed.stayers_above_now - (placed.rank - 1)
    end as moved_by_joiners,
    (placed.old_rank - 1) - placed.stayers_above_before as moved_by_leavers
from placed
inner join ranked_boards as boards on placed.board = boards.board
inner join known_students as students on placed.student = students.student
order by placed.board, placed.student
