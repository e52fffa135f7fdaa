-- what: one row per test attempt, eligible or not, with its subject, test and local day
-- reads: catalogue_tests, core_attempts, student_zones, subject_names, time_zone_offsets
-- why: who is known, which subject and when are asked by every metric and by the list of unresolved references
-- notes: subject by id, else code, else name; a null subject_id or test_template_id did not resolve; days are whole numbers since 1970-01-01, shifted by 1,000,000 so that the division stays above zero
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
),

attempts as (
    select
        *,
        coalesce(ended_at_micros, started_at_micros) as at_micros
    from core_attempts
)

select
    attempts.user_id,
    attempts.test_id,
    attempts.attempt_key,
    attempts.subject_ref,
    attempts.score,
    attempts.percentage_score,
    attempts.time_spent_seconds,
    attempts.total_questions,
    attempts.correct_answers,
    attempts.incorrect_answers,
    attempts.skipped_questions,
    attempts.at_micros,
    attempts.is_completed,
    tests.test_template_id,
    students.user_id is not null as is_known_user,
    attempts.is_completed and attempts.is_graded as is_eligible,
    coalesce(attempts.attempt_id, attempts.test_id || '#' || attempts.attempt_key) as attempt_id,
    coalesce(by_id.subject_id, by_code.subject_id, by_name.subject_id) as subject_id,
    (attempts.at_micros + 86400000000000000) // 86400000000 - 1000000 as utc_day,
    (attempts.at_micros + offsets.offset_micros + 86400000000000000) // 86400000000 - 1000000
        as local_day,
    attempts.answers is not null and array_length(attempts.answers) > 0 as has_answers
from attempts
left join student_zones as students on attempts.user_id = students.user_id
inner join offsets
    on
        coalesce(students.timezone, $default_timezone) = offsets.timezone
        and attempts.at_micros >= offsets.from_micros
        and attempts.at_micros < offsets.to_micros
left join catalogue_tests as tests on lower(attempts.test_id) = tests.test_template_id
left join subject_names as by_id
    on by_id.kind = 'id' and lower(attempts.subject_ref) = by_id.name
left join subject_names as by_code
    on by_code.kind = 'code' and lower(trim(attempts.subject_ref)) = by_code.name
left join subject_names as by_name
    on by_name.kind = 'name' and lower(trim(attempts.subject_name)) = by_name.name
