-- what: one row per completed and graded attempt, with its subject, test and local day
-- reads: resolved_attempts
-- why: every metric counts these attempts and no others
-- notes: attempts of students without PROFILE are in it, marked; metrics decide
select
    user_id,
    is_known_user,
    test_id,
    attempt_key,
    attempt_id,
    test_template_id,
    subject_id,
    score,
    percentage_score,
    time_spent_seconds,
    total_questions,
    correct_answers,
    incorrect_answers,
    skipped_questions,
    at_micros,
    utc_day,
    local_day
from resolved_attempts
where is_eligible
