-- what: one row per open milestone of an active study plan
-- reads: core_study_plans
-- why: what a student is heading for
-- notes: description is null when the student wrote none
with milestones as (
    select
        user_id,
        unnest(milestones) as milestone
    from core_study_plans
    where lower(status) = 'active'
)

select
    user_id,
    date_diff('day', cast('1970-01-01' as date), milestones.milestone.due_on) as day,
    milestones.milestone.description as description
from milestones
where not milestones.milestone.is_completed
