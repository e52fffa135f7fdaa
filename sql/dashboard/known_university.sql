-- What: one row if any published student is of a university.
-- Reads: analytics_students.
-- Why: a grant may name a university that is spelt otherwise, or not there; its pages would search for ever.
-- Notes: none.
select 1
from analytics_students
where university = $university
limit 1
