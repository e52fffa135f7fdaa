-- What: indexes the words of analytics_students.display_name.
-- Reads: analytics_students.
-- Why: search by the beginning of any word of a name while it is typed.
-- Notes: needs no extension; the configuration `simple` keeps names as they are.
create index if not exists analytics_students_by_name
on analytics_students using gin (to_tsvector('simple', display_name))
