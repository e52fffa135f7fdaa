-- What: indexes analytics_students by the beginning of the user id.
-- Reads: analytics_students.
-- Why: search by the beginning of an id whatever the database's collation.
-- Notes: text_pattern_ops compares bytes, as `like 'abc%'` wants it.
create index if not exists analytics_students_by_id_prefix
on analytics_students (user_id text_pattern_ops)
