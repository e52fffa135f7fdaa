-- What: one row per test of the student, the newest 20.
-- Reads: analytics_test_leaderboard, test_templates.
-- Why: best results and places on a student's page.
-- Notes: test_name is null for a test outside the catalogue.
select
    board.test_id,
    test_templates.name as test_name,
    board.rank,
    board.participants,
    board.score,
    board.seconds,
    board.attempts,
    board.achieved_at
from analytics_test_leaderboard as board
left join test_templates on board.test_template_id = test_templates.id
where board.user_id = $user_id
order by board.achieved_at desc, board.test_id
limit 20
