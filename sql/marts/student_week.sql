-- what: one row per student with PROFILE and ISO week, the last six weeks that end with the as-of date's
-- reads: card_signals, last_days, mastery_changes, open_milestones, plan_tasks, rankings, study_streaks, week_sums
-- why: the signals that the weekly report tells a student about
-- notes: cards, mastery and ranks have no history, so they stand in the as-of date's week only
with planned as (
    select
        weeks.user_id,
        weeks.week_start_day,
        count(*) as tasks,
        count(*) filter (where tasks.is_completed) as done
    from last_days as weeks
    inner join plan_tasks as tasks
        on
            weeks.user_id = tasks.user_id
            and weeks.week_start_day <= tasks.day
            and tasks.day <= weeks.week_start_day + 6
    group by weeks.user_id, weeks.week_start_day
),

upcoming as (
    select
        weeks.user_id,
        weeks.week_start_day,
        milestones.day,
        milestones.description,
        row_number() over (
            partition by weeks.user_id, weeks.week_start_day
            order by milestones.day asc, coalesce(milestones.description, '') asc
        ) as place
    from last_days as weeks
    inner join open_milestones as milestones
        on weeks.user_id = milestones.user_id and weeks.last_day <= milestones.day
),

ranked as (
    select
        user_id,
        previous_rank - rank as change
    from rankings
    where metric = 'reputation' and scope = 'global'
)

select
    weeks.user_id,
    weeks.week_start_day as week_start,
    coalesce(sums.tests, 0) as tests,
    coalesce(sums.questions, 0) as questions,
    coalesce(sums.correct, 0) as correct,
    coalesce(sums.minutes, 0) as study_minutes,
    coalesce(sums.minutes_monday, 0) as minutes_monday,
    coalesce(sums.minutes_tuesday, 0) as minutes_tuesday,
    coalesce(sums.minutes_wednesday, 0) as minutes_wednesday,
    coalesce(sums.minutes_thursday, 0) as minutes_thursday,
    coalesce(sums.minutes_friday, 0) as minutes_friday,
    coalesce(sums.minutes_saturday, 0) as minutes_saturday,
    coalesce(sums.minutes_sunday, 0) as minutes_sunday,
    coalesce(sums.active_days, 0) as active_days,
    coalesce(sums.flashcards, 0) as flashcards_reviewed,
    coalesce(streaks.streak, 0) as streak_days,
    coalesce(streaks.longest_streak, 0) as longest_streak_days,
    coalesce(sums.activities, 0) > 0 as is_active,
    coalesce(sums.activities_in_four_weeks, 0) > 0 as is_active_in_four_weeks,
    case when weeks.is_current then coalesce(cards.cards_due, 0) end as cards_due,
    case when weeks.is_current then coalesce(cards.cards_lapsed, 0) end as cards_lapsed,
    coalesce(planned.tasks, 0) as plan_tasks_planned,
    coalesce(planned.done, 0) as plan_tasks_done,
    upcoming.day as next_milestone_on,
    upcoming.description as next_milestone,
    case
        when weeks.is_current and changed.change >= 0
            then cast(
                cast(
                    (2 * changed.change + changed.topics) // nullif(2 * changed.topics, 0)
                    as decimal(5, 0)
                ) * 0.0001 as decimal(5, 4)
            )
        when weeks.is_current
            then cast(
                cast(
                    (2 * (0 - changed.change) + changed.topics) // nullif(2 * changed.topics, 0)
                    as decimal(5, 0)
                ) * -0.0001 as decimal(5, 4)
            )
    end as mastery_change,
    case when weeks.is_current then ranked.change end as global_rank_change
from last_days as weeks
left join week_sums as sums
    on weeks.user_id = sums.user_id and weeks.week_start_day = sums.week_start_day
left join study_streaks as streaks
    on weeks.user_id = streaks.user_id and weeks.week_start_day = streaks.week_start_day
left join card_signals as cards on weeks.user_id = cards.user_id
left join planned
    on weeks.user_id = planned.user_id and weeks.week_start_day = planned.week_start_day
left join upcoming
    on
        weeks.user_id = upcoming.user_id
        and weeks.week_start_day = upcoming.week_start_day
        and upcoming.place = 1
left join mastery_changes as changed on weeks.user_id = changed.user_id
left join ranked on weeks.user_id = ranked.user_id
