-- What: one row per unresolved reference, the 100 most frequent.
-- Reads: analytics_unresolved_references.
-- Why: what to add to the catalogue first.
-- Notes: references that stand for a student come only with $with_students.
select
    kind,
    reference,
    occurrences,
    first_seen,
    last_seen
from analytics_unresolved_references
where kind <> 'unknown_user' or $with_students
order by occurrences desc, kind, reference
limit 100
