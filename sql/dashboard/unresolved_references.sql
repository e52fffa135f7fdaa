-- What: one row per unresolved reference, the 50 most frequent of each kind.
-- Reads: analytics_unresolved_references.
-- Why: what to add to the catalogue first.
-- Notes: references that stand for a student come only with $with_students.
with ordered as (
    select
        kind,
        reference,
        occurrences,
        first_seen,
        last_seen,
        row_number() over (
            partition by kind
            order by occurrences desc, reference
        ) as place
    from analytics_unresolved_references
    where kind <> 'unknown_user' or $with_students
)

select
    kind,
    reference,
    occurrences,
    first_seen,
    last_seen
from ordered
where place <= 50
order by kind, place
