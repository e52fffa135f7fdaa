-- What: one row per student of a test's board, in its order.
-- Reads: analytics_test_leaderboard, analytics_students.
-- Why: the download of a test's board.
-- Notes: $university as in ranking_after.
select
    board.rank,
    board.user_id,
    case when cast($with_names as boolean) then board.display_name end as display_name,
    students.university,
    board.score,
    board.seconds,
    board.attempts,
    board.percentile,
    board.achieved_at
from analytics_test_leaderboard as board
left join analytics_students as students on board.user_id = students.user_id
where
    board.test_id = $test_id
    and (cast($university as text) is null or students.university = $university)
order by board.rank, board.user_id
