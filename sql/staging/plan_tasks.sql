-- what: one row per scheduled task of an active study plan
-- reads: core_study_plans
-- why: planned against done, week by week
-- notes: a task without a date belongs to no week
with tasks as (
    select
        user_id,
        unnest(tasks) as task
    from core_study_plans
    where lower(status) = 'active'
)

select
    user_id,
    date_diff('day', cast('1970-01-01' as date), tasks.task.scheduled_on) as day,
    tasks.task.is_completed as is_completed
from tasks
where tasks.task.scheduled_on is not null
