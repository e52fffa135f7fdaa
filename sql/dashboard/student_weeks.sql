-- What: one row per week of the student, oldest first.
-- Reads: analytics_student_week.
-- Why: study of the last six weeks on a student's page.
-- Notes: none.
select
    week_start,
    tests,
    questions,
    correct,
    study_minutes,
    active_days,
    streak_days,
    longest_streak_days,
    cards_due,
    plan_tasks_planned,
    plan_tasks_done,
    next_milestone_on,
    next_milestone
from analytics_student_week
where user_id = $user_id
order by week_start
