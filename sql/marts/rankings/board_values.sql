-- what: one row per board and ranked student
-- reads: core_profiles, core_reputations, known_students, previous_rankings, ranked_boards, subject_mastery, subject_points
-- why: what is ranked, beside what the student had and where he stood a week ago
-- notes: old_rank and old_value are null where the student was not ranked then
with owners as (
    select
        students.student,
        students.user_id,
        profiles.university,
        cast(reputations.reputation as decimal(38, 20)) as reputation
    from core_reputations as reputations
    inner join core_profiles as profiles on reputations.user_id = profiles.user_id
    inner join known_students as students on reputations.user_id = students.user_id
),

valued as (
    select
        boards.board,
        owners.student,
        owners.reputation as value
    from owners
    inner join ranked_boards as boards on boards.metric = 'reputation' and boards.scope = 'global'
    union all
    select
        boards.board,
        owners.student,
        owners.reputation as value
    from owners
    inner join ranked_boards as boards
        on
            boards.metric = 'reputation'
            and boards.scope = 'university'
            and owners.university = boards.scope_key
    union all
    select
        boards.board,
        owners.student,
        cast(points.points as decimal(38, 20)) as value
    from subject_points as points
    inner join owners on points.user_id = owners.user_id
    inner join ranked_boards as boards
        on
            boards.metric = 'reputation'
            and boards.scope = 'subject'
            and points.subject_id = boards.scope_key
    where points.points > 0
    union all
    select
        boards.board,
        students.student,
        cast(mastery.mastery_low as decimal(38, 20)) as value
    from subject_mastery as mastery
    inner join known_students as students on mastery.user_id = students.user_id
    inner join ranked_boards as boards
        on
            boards.metric = 'performance'
            and boards.scope = 'subject'
            and mastery.subject_id = boards.scope_key
    where mastery.level <> 'not_enough_data'
),

older as (
    select
        boards.board,
        students.student,
        before.rank,
        before.value
    from previous_rankings as before
    inner join ranked_boards as boards
        on
            before.metric = boards.metric
            and before.scope = boards.scope
            and before.scope_key = boards.scope_key
    inner join known_students as students on before.user_id = students.user_id
)

select
    valued.board,
    valued.student,
    valued.value,
    older.rank as old_rank,
    older.value as old_value
from valued
left join older on valued.board = older.board and valued.student = older.student
