-- What: index idx_subjects_university.
-- Reads: subjects.
-- Why: MavPrep's own catalogue document.
-- Notes: none.
create index if not exists idx_subjects_university on subjects (university);
