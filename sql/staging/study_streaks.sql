-- what: one row per student and week of the last six, with the streaks as they stood at its last day
-- reads: last_days, study_days
-- why: a streak is a run of local dates with a completed act
-- notes: it stands while its newest date is the last day or the day before, for that day may not be over
with numbered as (
    select
        user_id,
        day,
        day - row_number() over (partition by user_id order by day) as run
    from study_days
    where is_active
),

runs as (
    select
        user_id,
        run,
        min(day) as first_day,
        max(day) as last_day
    from numbered
    group by user_id, run
)

select
    weeks.user_id,
    weeks.week_start_day,
    max(least(runs.last_day, weeks.last_day) - runs.first_day + 1) as longest_streak,
    max(
        case
            when runs.last_day >= weeks.last_day - 1
                then least(runs.last_day, weeks.last_day) - runs.first_day + 1
        end
    ) as streak
from last_days as weeks
inner join runs on weeks.user_id = runs.user_id and weeks.last_day >= runs.first_day
group by weeks.user_id, weeks.week_start_day
