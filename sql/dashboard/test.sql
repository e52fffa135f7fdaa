-- What: one row, the test; none if it has no board.
-- Reads: analytics_test_leaderboard, test_templates, subjects, analytics_test_statistics.
-- Why: the head of a test's page.
-- Notes: names are null for a test outside the catalogue, statistics of fewer than $smallest_group.
select
    board.test_id,
    test_templates.name as test_name,
    subjects.name as subject_name,
    board.participants,
    statistics.n,
    statistics.items as question_count,
    statistics.kr20,
    statistics.alpha,
    statistics.sem
from analytics_test_leaderboard as board
left join test_templates on board.test_template_id = test_templates.id
left join subjects on test_templates.subject_id = subjects.id
left join analytics_test_statistics as statistics
    on board.test_id = statistics.test_id and statistics.n >= $smallest_group
where board.test_id = $test_id and board.rank = 1
order by board.user_id
limit 1
