-- What: one row per student of the chunk and week up to $week that the lake still holds.
-- Reads: chunk, student_week.
-- Why: the week, the one before it, and how many quiet weeks went before.
-- Notes: ordered from the newest week back.
select
    student_week.user_id,
    student_week.week_start,
    student_week.tests,
    student_week.questions,
    student_week.correct,
    student_week.study_minutes,
    student_week.minutes_monday,
    student_week.minutes_tuesday,
    student_week.minutes_wednesday,
    student_week.minutes_thursday,
    student_week.minutes_friday,
    student_week.minutes_saturday,
    student_week.minutes_sunday,
    student_week.active_days,
    student_week.flashcards_reviewed,
    student_week.streak_days,
    student_week.longest_streak_days,
    student_week.plan_tasks_planned,
    student_week.plan_tasks_done,
    student_week.cards_due,
    student_week.is_active
from student_week
inner join chunk on student_week.user_id = chunk.user_id
where student_week.week_start <= $week
order by student_week.user_id, student_week.week_start desc
