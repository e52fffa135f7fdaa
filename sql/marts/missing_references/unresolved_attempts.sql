-- what: one row per attempt whose subject, test or student is unknown
-- reads: resolved_attempts
-- why: looked for once, listed three times
-- notes: eligible or not
select
    user_id,
    test_id,
    subject_ref,
    at_micros,
    is_known_user,
    subject_id is not null as has_subject,
    test_template_id is not null as has_test
from resolved_attempts
where subject_id is null or test_template_id is null or not is_known_user
