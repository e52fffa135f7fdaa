-- what: one row per test attempt, eligible or not, with the subject and test that it names
-- reads: catalogue_tests, core_attempts, core_profiles, subject_names
-- why: who is known, which subject and when are asked by every metric and by the list of unresolved references
-- notes: subject by id, else by code, else by name; a null subject_id or test_template_id did not resolve
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
    tests.test_template_id,
    profiles.user_id is not null as is_known_user,
    attempts.is_completed and attempts.is_graded as is_eligible,
    coalesce(attempts.attempt_id, attempts.test_id || '#' || attempts.attempt_key) as attempt_id,
    coalesce(by_id.subject_id, by_code.subject_id, by_name.subject_id) as subject_id,
    coalesce(attempts.ended_at_micros, attempts.started_at_micros) as at_micros,
    attempts.answers is not null and array_length(attempts.answers) > 0 as has_answers
from core_attempts as attempts
left join core_profiles as profiles on attempts.user_id = profiles.user_id
left join catalogue_tests as tests on lower(attempts.test_id) = tests.test_template_id
left join subject_names as by_id
    on by_id.kind = 'id' and lower(attempts.subject_ref) = by_id.name
left join subject_names as by_code
    on by_code.kind = 'code' and lower(trim(attempts.subject_ref)) = by_code.name
left join subject_names as by_name
    on by_name.kind = 'name' and lower(trim(attempts.subject_name)) = by_name.name
