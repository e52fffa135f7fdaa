-- what: one row per student and reference of his attempts that the catalogue does not know, and per student without PROFILE
-- reads: attempt_topics, catalogue_questions, core_attempts, unresolved_attempts
-- why: counted student by student, so that a night counts its own students alone
-- notes: attempts count whether eligible or not; of a student without PROFILE the reference is empty
with answers as (
    select
        user_id,
        coalesce(ended_at_micros, started_at_micros) as at_micros,
        unnest(answers) as answer
    from core_attempts
),

found as (
    select
        user_id,
        'subject' as kind,
        subject_ref as reference,
        at_micros
    from unresolved_attempts
    where not has_subject
    union all
    select
        user_id,
        'test' as kind,
        test_id as reference,
        at_micros
    from unresolved_attempts
    where not has_test
    union all
    select
        user_id,
        'unknown_user' as kind,
        '' as reference,
        at_micros
    from unresolved_attempts
    where not is_known_user
    union all
    select
        user_id,
        'topic' as kind,
        topic_ref as reference,
        at_micros
    from attempt_topics
    where topic_id is null
    union all
    select
        answers.user_id,
        'question' as kind,
        answers.answer.question_ref as reference,
        answers.at_micros
    from answers
    left join catalogue_questions as questions
        on lower(answers.answer.question_ref) = questions.question_id
    where questions.question_id is null
)

select
    user_id,
    kind,
    reference,
    count(*) as occurrences,
    min(at_micros) as first_micros,
    max(at_micros) as last_micros
from found
group by user_id, kind, reference
