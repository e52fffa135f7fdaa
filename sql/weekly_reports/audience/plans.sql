-- What: one row per student of the chunk and active study plan.
-- Reads: chunk, core_study_plans.
-- Why: progress, the exam date and the milestones.
-- Notes: milestones stay nested; a plan has a handful.
select
    core_study_plans.user_id,
    core_study_plans.plan_id,
    core_study_plans.plan_name,
    core_study_plans.exam_at_micros,
    core_study_plans.tasks_completed,
    core_study_plans.tasks_total,
    core_study_plans.milestones
from core_study_plans
inner join chunk on core_study_plans.user_id = chunk.user_id
where core_study_plans.status = 'active'
order by core_study_plans.user_id, core_study_plans.plan_id
