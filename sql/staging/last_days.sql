-- what: one row per student with PROFILE and week of the last six, with the newest local date that counts in it
-- reads: student_zones, time_zone_offsets
-- why: a running week ends today, in the student's zone; a past one on its Sunday
-- notes: today is the local date just before the as-of date is over in UTC
with weeks as (
    select unnest([0, 7, 14, 21, 28, 35]) as days_ago
),

today as (
    select
        students.user_id,
        ($until_micros - 1 + offsets.offset_micros + 86400000000000000) // 86400000000 - 1000000
            as day
    from student_zones as students
    inner join time_zone_offsets as offsets
        on
            students.timezone = offsets.timezone
            and offsets.from_micros <= $until_micros - 1
            and offsets.to_micros > $until_micros - 1
)

select
    today.user_id,
    weeks.days_ago = 0 as is_current,
    $week_start_day - weeks.days_ago as week_start_day,
    least(today.day, $week_start_day - weeks.days_ago + 6) as last_day
from today
cross join weeks
