-- what: one row per student with PROFILE, ISO week of the last six, and day that it stands anew from
-- reads: active_runs, card_signals, known_students, open_milestones, plan_tasks, week_stands, week_sums
-- why: all of a week that follows from a student's own days, cards and plans, whatever day it is: a night computes it for those whom it touched
-- notes: run is the newest run of active dates that began by from_day; cards have no history, so they stand in the running week only; active.weeks has a bit for each of the last nine weeks, the oldest the lowest, and four of them end with a week
with active as (
    select
        student,
        cast(
            sum(cast(pow(2, (week_start_day - ($week_start_day - 56)) // 7) as bigint)) as bigint
        ) as weeks
    from week_sums
    where activities > 0
    group by student
),

planned as (
    select
        students.student,
        stands.week_start_day,
        stands.from_day,
        count(*) as tasks,
        count(*) filter (where tasks.is_completed) as done
    from plan_tasks as tasks
    inner join known_students as students on tasks.user_id = students.user_id
    inner join week_stands as stands
        on
            students.student = stands.student
            and tasks.day >= stands.week_start_day
            and tasks.day < stands.week_start_day + 7
    group by students.student, stands.week_start_day, stands.from_day
),

upcoming as (
    select
        stands.student,
        stands.from_day,
        milestones.day,
        milestones.description,
        row_number() over (
            partition by stands.student, stands.from_day
            order by milestones.day asc, coalesce(milestones.description, '') asc
        ) as place
    from open_milestones as milestones
    inner join known_students as students on milestones.user_id = students.user_id
    inner join week_stands as stands
        on students.student = stands.student and milestones.day >= stands.from_day
)

select
    students.user_id,
    stands.week_start_day,
    stands.from_day,
    stands.until_day,
    coalesce(sums.tests, 0) as tests,
    coalesce(sums.questions, 0) as questions,
    coalesce(sums.correct, 0) as correct,
    coalesce(sums.minutes, 0) as minutes,
    coalesce(sums.minutes_monday, 0) as minutes_monday,
    coalesce(sums.minutes_tuesday, 0) as minutes_tuesday,
    coalesce(sums.minutes_wednesday, 0) as minutes_wednesday,
    coalesce(sums.minutes_thursday, 0) as minutes_thursday,
    coalesce(sums.minutes_friday, 0) as minutes_friday,
    coalesce(sums.minutes_saturday, 0) as minutes_saturday,
    coalesce(sums.minutes_sunday, 0) as minutes_sunday,
    coalesce(sums.active_days, 0) as active_days,
    coalesce(sums.flashcards, 0) as flashcards,
    coalesce(sums.activities, 0) > 0 as is_active,
    (
        coalesce(active.weeks, 0)
        // nullif(
            cast(pow(2, (stands.week_start_day - ($week_start_day - 35)) // 7) as bigint), 0
        )
    ) % 16 > 0 as is_active_in_four_weeks,
    runs.first_day as run_first_day,
    runs.last_day as run_last_day,
    runs.longest_before,
    case when stands.week_start_day = $week_start_day then coalesce(cards.cards_due, 0) end
        as cards_due,
    case when stands.week_start_day = $week_start_day then coalesce(cards.cards_lapsed, 0) end
        as cards_lapsed,
    coalesce(planned.tasks, 0) as tasks_planned,
    coalesce(planned.done, 0) as tasks_done,
    upcoming.day as next_milestone_day,
    upcoming.description as next_milestone
from week_stands as stands
inner join known_students as students on stands.student = students.student
left join week_sums as sums
    on stands.student = sums.student and stands.week_start_day = sums.week_start_day
left join active on stands.student = active.student
left join active_runs as runs
    on
        stands.student = runs.student
        and stands.from_day >= runs.first_day
        and stands.from_day < coalesce(runs.next_first_day, stands.until_day)
left join card_signals as cards on students.user_id = cards.user_id
left join planned on stands.student = planned.student and stands.from_day = planned.from_day
left join upcoming
    on
        stands.student = upcoming.student
        and stands.from_day = upcoming.from_day
        and upcoming.place = 1
order by stands.student, stands.from_day
