-- What: index idx_subjects_active.
-- Reads: subjects.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_subjects_active on subjects (is_active);
