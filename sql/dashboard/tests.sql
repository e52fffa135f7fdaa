-- What: one row per test that has a board, most participants first, $rows after the last one.
-- Reads: analytics_test_leaderboard, test_templates, subjects, analytics_test_statistics.
-- Why: the list of tests, searched by the beginning of a word of the name or of the id.
-- Notes: as many rows as tests, thousands at most; reads the first places only.
with boards as (
    select distinct
        test_id,
        test_template_id,
        participants
    from analytics_test_leaderboard
    where rank = 1
)

select
    boards.test_id,
    test_templates.name as test_name,
    subjects.name as subject_name,
    boards.participants,
    statistics.kr20,
    statistics.items as question_count
from boards
left join test_templates on boards.test_template_id = test_templates.id
left join subjects on test_templates.subject_id = subjects.id
left join analytics_test_statistics as statistics
    on boards.test_id = statistics.test_id and statistics.n >= $smallest_group
where
    (cast($subject_id as uuid) is null or test_templates.subject_id = $subject_id)
    and (
        cast($text as text) is null
        or position(lower($text) in lower(coalesce(test_templates.name, ''))) > 0
        or position(lower($text) in lower(boards.test_id)) = 1
    )
    and (
        cast($participants as integer) is null
        or (-boards.participants, boards.test_id) > (-cast($participants as integer), $test_id)
    )
order by boards.participants desc, boards.test_id
limit $rows
