-- What: one row per test template.
-- Reads: test_templates.
-- Why: names a leaderboard and gives its subject.
-- Notes: unpublished templates are in it, for attempts at them may exist.
select
    t.id::text as test_template_id,
    t.subject_id::text as subject_id,
    t.name::text as name
from test_templates as t
order by t.id
