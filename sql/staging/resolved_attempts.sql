-- what: one row per test attempt, eligible or not, with its subject, test and local day
-- reads: attempt_references, core_attempts, student_zones, time_zone_offsets
-- why: who is known, which subject and when are asked by every metric
-- notes: days are whole numbers since 1970-01-01, shifted by 1,000,000 so that the division stays above zero
with span as (
    select
        min(coalesce(ended_at_micros, started_at_micros)) as first_micros,
        max(coalesce(ended_at_micros, started_at_micros)) as last_micros
    from core_attempts
),

offsets as (
    select
        zones.timezone,
        zones.from_micros,
        zones.to_micros,
        zones.offset_micros
    from time_zone_offsets as zones
    cross join span
    where zones.from_micros <= span.last_micros and zones.to_micros > span.first_micros
)

select
    attempts.user_id,
    attempts.test_id,
    attempts.attempt_key,
    attempts.score,
    attempts.percentage_score,
    attempts.time_spent_seconds,
    attempts.total_questions,
    attempts.correct_answers,
    attempts.incorrect_answers,
    attempts.skipped_questions,
    attempts.at_micros,
    attempts.is_completed,
    attempts.test_template_id,
    attempts.subject_id,
    students.user_id is not null as is_known_user,
    attempts.is_completed and attempts.is_graded as is_eligible,
    coalesce(attempts.attempt_id, attempts.test_id || '#' || attempts.attempt_key) as attempt_id,
    (attempts.at_micros + 86400000000000000) // 86400000000 - 1000000 as utc_day,
    (attempts.at_micros + offsets.offset_micros + 86400000000000000) // 86400000000 - 1000000
        as local_day
from attempt_references as attempts
left join student_zones as students on attempts.user_id = students.user_id
inner join offsets
    on
        coalesce(students.timezone, $default_timezone) = offsets.timezone
        and attempts.at_micros >= offsets.from_micros
        and attempts.at_micros < offsets.to_micros
