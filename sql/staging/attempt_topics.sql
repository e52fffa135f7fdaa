-- what: one row per topic that an eligible attempt without answers sums up in its topicPerformance
-- reads: catalogue_topics, core_attempts, eligible_attempts
-- why: such an attempt is evidence of mastery, too, and its topic names may be unknown
-- notes: topic by id, else by slug, within the attempt's subject; a null topic_id did not resolve
with entries as (
    select
        attempts.user_id,
        attempts.is_known_user,
        attempts.test_id,
        attempts.attempt_key,
        attempts.attempt_id,
        attempts.subject_id,
        attempts.at_micros,
        attempts.utc_day,
        unnest(written.topic_performance) as entry
    from core_attempts as written
    inner join eligible_attempts as attempts
        on
            written.user_id = attempts.user_id
            and written.test_id = attempts.test_id
            and written.attempt_key = attempts.attempt_key
    where not attempts.has_answers and written.topic_performance is not null
),

named as (
    select
        user_id,
        is_known_user,
        test_id,
        attempt_key,
        attempt_id,
        subject_id,
        at_micros,
        utc_day,
        entries.entry.topic_ref as topic_ref,
        entries.entry.correct as correct,
        entries.entry.total as total
    from entries
),

slugs as (
    select
        subject_id,
        slug,
        min(topic_id) as topic_id
    from catalogue_topics
    group by subject_id, slug
    having count(*) = 1
)

select
    named.*,
    coalesce(by_id.topic_id, slugs.topic_id) as topic_id
from named
left join catalogue_topics as by_id
    on named.subject_id = by_id.subject_id and lower(named.topic_ref) = by_id.topic_id
left join slugs
    on
        named.subject_id = slugs.subject_id
        and regexp_replace(lower(named.topic_ref), '[^\p{L}\p{N}]+', '-', 'g') = slugs.slug
