-- what: one row per test attempt, eligible or not, with its subject and its test in the catalogue
-- reads: catalogue_tests, core_attempts, subject_names
-- why: asked by every metric, and by the list of unresolved references
-- notes: subject by id, else code, else name; a null subject_id or test_template_id did not resolve
select
    attempts.user_id,
    attempts.test_id,
    attempts.attempt_key,
    attempts.attempt_id,
    attempts.subject_ref,
    attempts.score,
    attempts.percentage_score,
    attempts.time_spent_seconds,
    attempts.total_questions,
    attempts.correct_answers,
    attempts.incorrect_answers,
    attempts.skipped_questions,
    attempts.is_completed,
    attempts.is_graded,
    tests.test_template_id,
    coalesce(attempts.ended_at_micros, attempts.started_at_micros) as at_micros,
    coalesce(by_id.subject_id, by_code.subject_id, by_name.subject_id) as subject_id
from core_attempts as attempts
left join catalogue_tests as tests on lower(attempts.test_id) = tests.test_template_id
left join subject_names as by_id
    on by_id.kind = 'id' and lower(attempts.subject_ref) = by_id.name
left join subject_names as by_code
    on by_code.kind = 'code' and lower(trim(attempts.subject_ref)) = by_code.name
left join subject_names as by_name
    on by_name.kind = 'name' and lower(trim(attempts.subject_name)) = by_name.name
