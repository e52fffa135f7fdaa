-- What: one row per subject.
-- Reads: subjects.
-- Why: the choices of the subject filter, and names for subject ids.
-- Notes: none.
select
    cast(id as text) as subject_id,
    code,
    name
from subjects
order by name, code
