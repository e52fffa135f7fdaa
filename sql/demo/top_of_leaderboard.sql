-- What: one row per student among the first five of the test with most participants.
-- Reads: analytics_test_leaderboard, test_templates.
-- Why: the demo ends by showing what it made.
-- Notes: a name is null unless the student shows both profile and progress.
with largest as (
    select b.test_id
    from analytics_test_leaderboard as b
    where b.rank = 1 and b.test_template_id is not null
    order by b.participants desc, b.test_id asc
    limit 1
)

select
    t.name,
    b.rank,
    b.display_name,
    b.score,
    b.seconds
from analytics_test_leaderboard as b
inner join largest on b.test_id = largest.test_id
inner join test_templates as t on b.test_template_id = t.id
order by b.rank, b.user_id
limit 5
