-- What: indexes analytics_students by university.
-- Reads: analytics_students.
-- Why: a university admin's pages start from the students of one university.
-- Notes: user_id last makes the join index-only.
create index if not exists analytics_students_by_university
on analytics_students (university, user_id)
