-- what: one row per student with PROFILE, ISO week of the last six, and day that it stands anew from
-- reads: active_runs, known_students, open_milestones
-- why: what the running week says depends on today, but changes only where a run of active dates begins or a milestone passes
-- notes: a past week stands as on its Sunday; until_day is the first day on which it does not
with milestones as (
    select
        students.student,
        ahead.day
    from open_milestones as ahead
    inner join known_students as students on ahead.user_id = students.user_id
),

running as (
    select
        student,
        $week_start_day as from_day
    from known_students
    union
    select
        student,
        first_day as from_day
    from active_runs
    where first_day > $week_start_day and first_day < $week_start_day + 7
    union
    select
        student,
        day + 1 as from_day
    from milestones
    where day >= $week_start_day and day < $week_start_day + 6
),

past as (
    select unnest([7, 14, 21, 28, 35]) as days_ago
)

select
    student,
    $week_start_day as week_start_day,
    from_day,
    lead(from_day, 1, $week_start_day + 7) over (partition by student order by from_day)
        as until_day
from running
union all
select
    students.student,
    $week_start_day - past.days_ago as week_start_day,
    $week_start_day - past.days_ago + 6 as from_day,
    $week_start_day - past.days_ago + 7 as until_day
from known_students as students
cross join past
