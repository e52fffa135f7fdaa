-- what: one row per attempt and reference of it that the catalogue does not know
-- reads: attempt_references, catalogue_questions, core_attempts, topic_results
-- why: counted attempt by attempt, so that a night looks at its own alone
-- notes: attempts count whether eligible or not
with answers as (
    select
        user_id,
        test_id,
        attempt_key,
        coalesce(ended_at_micros, started_at_micros) as at_micros,
        unnest(answers) as answer
    from core_attempts
),

found as (
    select
        user_id,
        test_id,
        attempt_key,
        'subject' as kind,
        subject_ref as reference,
        at_micros
    from attempt_references
    where subject_id is null
    union all
    select
        user_id,
        test_id,
        attempt_key,
        'test' as kind,
        test_id as reference,
        at_micros
    from attempt_references
    where test_template_id is null
    union all
    select
        user_id,
        test_id,
        attempt_key,
        'topic' as kind,
        topic_ref as reference,
        at_micros
    from topic_results
    where topic_id is null
    union all
    select
        answers.user_id,
        answers.test_id,
        answers.attempt_key,
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
    test_id,
    attempt_key,
    kind,
    reference,
    min(at_micros) as at_micros,
    count(*) as occurrences
from found
group by user_id, test_id, attempt_key, kind, reference
