-- what: one row per student without PROFILE who has attempts
-- reads: core_attempts, core_profiles
-- why: such a student has no mastery and is on no board, but never in silence
-- notes: attempts count whether eligible or not
select
    attempts.user_id,
    count(*) as attempts,
    min(coalesce(attempts.ended_at_micros, attempts.started_at_micros)) as first_micros,
    max(coalesce(attempts.ended_at_micros, attempts.started_at_micros)) as last_micros
from core_attempts as attempts
left join core_profiles as profiles on attempts.user_id = profiles.user_id
where profiles.user_id is null
group by attempts.user_id
