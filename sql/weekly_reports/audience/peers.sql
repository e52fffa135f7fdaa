-- What: one row per university with its students who were active in week $week, and their sums.
-- Reads: student_week, core_profiles.
-- Why: a student is compared with the others of the same university, less the student's own row.
-- Notes: universities do not overlap, so no two groups lead to a smaller one by subtraction.
select
    core_profiles.university,
    count(*) as students,
    cast(sum(student_week.study_minutes) as bigint) as minutes,
    count(*) filter (where student_week.questions > 0) as answering,
    cast(sum(student_week.questions) as bigint) as questions,
    cast(sum(student_week.correct) as bigint) as correct
from student_week
inner join core_profiles on student_week.user_id = core_profiles.user_id
where
    student_week.week_start = $week
    and student_week.is_active
    and trim(core_profiles.university) <> ''
group by core_profiles.university
order by core_profiles.university
