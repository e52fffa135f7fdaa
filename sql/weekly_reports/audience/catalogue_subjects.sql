-- What: one row per subject.
-- Reads: catalogue_subjects.
-- Why: names for topics and ranks.
-- Notes: none.
select
    subject_id,
    name
from catalogue_subjects
order by subject_id
