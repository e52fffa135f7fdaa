-- What: one row per question of a test template.
-- Reads: test_questions.
-- Why: the intended matrix of a test.
-- Notes: none.
select
    tq.test_template_id::text as test_template_id,
    tq.question_id::text as question_id,
    tq.order_index::bigint as order_index
from test_questions as tq
order by tq.test_template_id, tq.question_id
