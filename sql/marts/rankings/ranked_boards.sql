-- what: one row per metric, scope and scope key among which someone may rank, with a number
-- reads: core_profiles, subject_mastery, subject_points
-- why: whole numbers join, group and sort several times faster than the texts they stand for
-- notes: in order of (metric, scope, scope_key), so that both sort alike; a number lives as long as the run of the model
with boards as (
    select
        'reputation' as metric,
        'global' as scope,
        '' as scope_key
    union all
    select distinct
        'reputation' as metric,
        'university' as scope,
        university as scope_key
    from core_profiles
    where trim(university) <> ''
    union all
    select distinct
        'reputation' as metric,
        'subject' as scope,
        subject_id as scope_key
    from subject_points
    union all
    select distinct
        'performance' as metric,
        'subject' as scope,
        subject_id as scope_key
    from subject_mastery
)

select
    metric,
    scope,
    scope_key,
    row_number() over (order by metric, scope, scope_key) as board
from boards
