-- What: one row per student who gets the weekly report of week $week, with a running number from 0.
-- Reads: student_week, core_settings, core_profiles, time_zone_offsets.
-- Why: whoever switched the mail off, has no verified address or was idle for four weeks gets none.
-- Notes: a malformed zone name counts as missing; $user_id null means everybody.
with

zones as (
    select distinct timezone
    from time_zone_offsets
)

select
    student_week.user_id,
    core_settings.language,
    core_profiles.created_at_micros,
    core_profiles.university,
    coalesce(zones.timezone, $default_timezone) as timezone,
    row_number() over (order by student_week.user_id) - 1 as number
from student_week
inner join core_settings on student_week.user_id = core_settings.user_id
inner join core_profiles on student_week.user_id = core_profiles.user_id
left join zones on core_profiles.timezone = zones.timezone
where
    student_week.week_start = $week
    and student_week.is_active_in_four_weeks
    and core_settings.wants_email
    and core_settings.wants_weekly_report
    and core_profiles.is_email_verified
    and (cast($user_id as varchar) is null or student_week.user_id = $user_id)
order by student_week.user_id
