-- what: one row per completed and graded attempt, with its subject, test and local day
-- reads: resolved_attempts, student_zones, time_zone_offsets
-- why: every metric counts these attempts and no others
-- notes: days are whole numbers since 1970-01-01; the shift by 1,000,000 days keeps the division above zero
with attempts as (
    select
        resolved.*,
        coalesce(zones.timezone, $default_timezone) as timezone
    from resolved_attempts as resolved
    left join student_zones as zones on resolved.user_id = zones.user_id
    where resolved.is_eligible
),

span as (
    select min(at_micros) as first_micros, max(at_micros) as last_micros
    from attempts
),

offsets as (
    select zones.timezone, zones.from_micros, zones.to_micros, zones.offset_micros
    from time_zone_offsets as zones
    cross join span
    where zones.from_micros <= span.last_micros and zones.to_micros > span.first_micros
)

select
    attempts.user_id,
    attempts.is_known_user,
    attempts.test_id,
    attempts.attempt_key,
    attempts.attempt_id,
    attempts.test_template_id,
    attempts.subject_id,
    attempts.score,
    attempts.percentage_score,
    attempts.time_spent_seconds,
    attempts.total_questions,
    attempts.correct_answers,
    attempts.incorrect_answers,
    attempts.skipped_questions,
    attempts.at_micros,
    (attempts.at_micros + 86400000000000000) // 86400000000 - 1000000 as utc_day,
    (attempts.at_micros + offsets.offset_micros + 86400000000000000) // 86400000000 - 1000000
        as local_day,
    attempts.has_answers
from attempts
inner join offsets
    on
        attempts.timezone = offsets.timezone
        and attempts.at_micros >= offsets.from_micros
        and attempts.at_micros < offsets.to_micros
