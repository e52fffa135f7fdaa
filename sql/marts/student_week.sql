-- what: one row per student with PROFILE and ISO week, the last six weeks that end with the as-of date's
-- reads: known_students, mastery_changes, rankings, student_zones, study_weeks, time_zone_offsets
-- why: the signals that the weekly report tells a student about
-- notes: today is the local date just before the as-of date is over in UTC; a past week ended on its Sunday; mastery and ranks have no history, so they stand in the running week only
with ranked as (
    select
        user_id,
        previous_rank - rank as change
    from rankings
    where metric = 'reputation' and scope = 'global'
),

moved as (
    select
        user_id,
        case
            when change >= 0
                then cast(
                    cast((2 * change + topics) // nullif(2 * topics, 0) as decimal(5, 0))
                    * 0.0001 as decimal(5, 4)
                )
            else cast(
                cast((2 * (0 - change) + topics) // nullif(2 * topics, 0) as decimal(5, 0))
                * -0.0001 as decimal(5, 4)
            )
        end as mastery_change
    from mastery_changes
),

now as (
    select
        students.student,
        students.user_id,
        ($until_micros - 1 + offsets.offset_micros + 86400000000000000) // 86400000000 - 1000000
            as today,
        moved.mastery_change,
        ranked.change as rank_change
    from known_students as students
    inner join student_zones as zones on students.user_id = zones.user_id
    inner join time_zone_offsets as offsets
        on
            zones.timezone = offsets.timezone
            and offsets.from_micros <= $until_micros - 1
            and offsets.to_micros > $until_micros - 1
    left join moved on students.user_id = moved.user_id
    left join ranked on students.user_id = ranked.user_id
),

weeks as (
    select
        study_weeks.*,
        now.student,
        study_weeks.week_start_day = $week_start_day as is_running,
        now.mastery_change,
        now.rank_change,
        least(now.today, study_weeks.week_start_day + 6) as last_day
    from study_weeks
    inner join now on study_weeks.user_id = now.user_id
)

select
    user_id,
    week_start_day as week_start,
    tests,
    questions,
    correct,
    minutes as study_minutes,
    minutes_monday,
    minutes_tuesday,
    minutes_wednesday,
    minutes_thursday,
    minutes_friday,
    minutes_saturday,
    minutes_sunday,
    active_days,
    flashcards as flashcards_reviewed,
    case
        when run_last_day >= last_day - 1 then least(run_last_day, last_day) - run_first_day + 1
        else 0
    end as streak_days,
    greatest(
        coalesce(least(run_last_day, last_day) - run_first_day + 1, 0),
        coalesce(longest_before, 0)
    ) as longest_streak_days,
    is_active,
    is_active_in_four_weeks,
    cards_due,
    cards_lapsed,
    tasks_planned as plan_tasks_planned,
    tasks_done as plan_tasks_done,
    next_milestone_day as next_milestone_on,
    next_milestone,
    case when is_running then mastery_change end as mastery_change,
    case when is_running then rank_change end as global_rank_change
from weeks
where from_day <= last_day and last_day < until_day
order by student, week_start_day
