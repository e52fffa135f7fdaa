-- what: one row per reference that the catalogue does not know, and per student without PROFILE who has attempts
-- reads: missing_references, post_subjects, unknown_students
-- why: what does not resolve is left out of the metrics that need it, but never in silence
-- notes: first_seen and last_seen are instants of the attempts or posts
with found as (
    select
        kind,
        reference,
        occurrences,
        at_micros as first_micros,
        at_micros as last_micros
    from missing_references
    union all
    select
        'unknown_user' as kind,
        user_id as reference,
        attempts as occurrences,
        first_micros,
        last_micros
    from unknown_students
    union all
    select
        reference_kind as kind,
        reference,
        1 as occurrences,
        at_micros as first_micros,
        at_micros as last_micros
    from post_subjects
    where subject_id is null
)

select
    kind,
    reference,
    cast(sum(occurrences) as bigint) as occurrences,
    min(first_micros) as first_seen,
    max(last_micros) as last_seen
from found
group by kind, reference
