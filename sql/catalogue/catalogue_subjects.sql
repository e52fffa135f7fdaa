-- What: one row per subject.
-- Reads: subjects.
-- Why: codes and names resolve the references of attempts; the university is shown beside them.
-- Notes: a null is_active counts as true, the column's default.
select
    s.id::text as subject_id,
    s.code::text as code,
    s.name::text as name,
    s.university::text as university,
    coalesce(s.is_active, true) as is_active
from subjects as s
order by s.id
