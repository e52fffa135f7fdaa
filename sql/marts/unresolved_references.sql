-- what: one row per reference that the catalogue does not know, and per student without PROFILE who has attempts
-- reads: attempt_topics, catalogue_questions, core_attempts, post_subjects, unresolved_attempts
-- why: what does not resolve is left out of the metrics that need it, but never in silence
-- notes: attempts count whether eligible or not; first_seen and last_seen are instants of the attempts or posts
with answers as (
    select
        coalesce(ended_at_micros, started_at_micros) as at_micros,
        unnest(answers) as answer
    from core_attempts
),

found as (
    select
        'subject' as kind,
        subject_ref as reference,
        at_micros
    from unresolved_attempts
    where not has_subject
    union all
    select
        reference_kind as kind,
        reference,
        at_micros
    from post_subjects
    where subject_id is null
    union all
    select
        'test' as kind,
        test_id as reference,
        at_micros
    from unresolved_attempts
    where not has_test
    union all
    select
        'unknown_user' as kind,
        user_id as reference,
        at_micros
    from unresolved_attempts
    where not is_known_user
    union all
    select
        'topic' as kind,
        topic_ref as reference,
        at_micros
    from attempt_topics
    where topic_id is null
    union all
    select
        'question' as kind,
        answers.answer.question_ref as reference,
        answers.at_micros
    from answers
    left join catalogue_questions as questions
        on lower(answers.answer.question_ref) = questions.question_id
    where questions.question_id is null
)

select
    kind,
    reference,
    count(*) as occurrences,
    min(at_micros) as first_seen,
    max(at_micros) as last_seen
from found
group by kind, reference
