-- what: one row per student and week of the last six with an attempt or a DAILY item in it or in the three before
-- reads: last_days, study_days
-- why: the sums of a student's week, and whether the four weeks that end with it saw any activity
-- notes: the week's minutes are the sum of its days' rounded minutes
select
    weeks.user_id,
    weeks.week_start_day,
    cast(sum(case when days.day >= weeks.week_start_day then days.tests end) as bigint) as tests,
    cast(sum(case when days.day >= weeks.week_start_day then days.questions end) as bigint)
        as questions,
    cast(sum(case when days.day >= weeks.week_start_day then days.correct end) as bigint)
        as correct,
    cast(sum(case when days.day >= weeks.week_start_day then days.minutes end) as bigint)
        as minutes,
    cast(sum(case when days.day >= weeks.week_start_day then days.flashcards end) as bigint)
        as flashcards,
    max(case when days.day = weeks.week_start_day then days.minutes end) as minutes_monday,
    max(case when days.day = weeks.week_start_day + 1 then days.minutes end) as minutes_tuesday,
    max(case when days.day = weeks.week_start_day + 2 then days.minutes end) as minutes_wednesday,
    max(case when days.day = weeks.week_start_day + 3 then days.minutes end) as minutes_thursday,
    max(case when days.day = weeks.week_start_day + 4 then days.minutes end) as minutes_friday,
    max(case when days.day = weeks.week_start_day + 5 then days.minutes end) as minutes_saturday,
    max(case when days.day = weeks.week_start_day + 6 then days.minutes end) as minutes_sunday,
    count(*) filter (where days.is_active and days.day >= weeks.week_start_day) as active_days,
    count(*) filter (where days.counts_as_activity and days.day >= weeks.week_start_day)
        as activities,
    count(*) filter (where days.counts_as_activity) as activities_in_four_weeks
from last_days as weeks
inner join study_days as days
    on
        weeks.user_id = days.user_id
        and days.day >= weeks.week_start_day - 21
        and days.day <= weeks.week_start_day + 6
group by weeks.user_id, weeks.week_start_day
