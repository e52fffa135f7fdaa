-- what: one row per eligible attempt without answers and topic that its topicPerformance sums up
-- reads: catalogue_topics, core_attempts, eligible_attempts
-- why: such an attempt is evidence of mastery, too, and its topic names may be unknown
-- notes: topic by id, else by slug, within the attempt's subject; a null topic_id did not resolve; more correct than answered counts as all correct
with entries as (
    select
        attempts.user_id,
        attempts.test_id,
        attempts.attempt_key,
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
    where
        (written.answers is null or array_length(written.answers) = 0)
        and written.topic_performance is not null
),

summed as (
    select
        user_id,
        test_id,
        attempt_key,
        subject_id,
        at_micros,
        utc_day,
        entries.entry.topic_ref as topic_ref,
        cast(sum(least(entries.entry.correct, entries.entry.total)) as bigint) as correct,
        cast(sum(entries.entry.total) as bigint) as total
    from entries
    group by
        user_id, test_id, attempt_key, subject_id, at_micros, utc_day, entries.entry.topic_ref
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
    summed.user_id,
    summed.test_id,
    summed.attempt_key,
    summed.topic_ref,
    coalesce(by_id.topic_id, slugs.topic_id) as topic_id,
    summed.at_micros,
    summed.utc_day,
    summed.correct,
    summed.total
from summed
left join catalogue_topics as by_id
    on summed.subject_id = by_id.subject_id and lower(summed.topic_ref) = by_id.topic_id
left join slugs
    on
        summed.subject_id = slugs.subject_id
        and regexp_replace(lower(summed.topic_ref), '[^\p{L}\p{N}]+', '-', 'g') = slugs.slug
