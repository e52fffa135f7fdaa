-- What: indexes the first places of analytics_test_leaderboard.
-- Reads: analytics_test_leaderboard.
-- Why: which tests have a board and how many students stand on it.
-- Notes: a tie for the first place gives several rows.
create index if not exists analytics_test_leaderboard_leaders
on analytics_test_leaderboard (test_id, test_template_id, participants) where rank = 1
