-- What: one row, the student; none if there is no such student within $university.
-- Reads: analytics_students.
-- Why: the head of a student's page and its access check in one.
-- Notes: $university is the row filter of a university admin; null: all.
select
    user_id,
    display_name,
    university
from analytics_students
where
    user_id = $user_id
    and (cast($university as text) is null or university = $university)
