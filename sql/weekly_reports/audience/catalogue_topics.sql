-- What: one row per topic with its share of its subject's questions in percent.
-- Reads: catalogue_topics, catalogue_questions, topic_closure.
-- Why: an hour pays more where more questions come from.
-- Notes: active questions of the whole subtree; a topic without any weighs 0.
with

below as (
    select
        topic_closure.ancestor_id,
        count(*) as questions
    from catalogue_questions
    inner join topic_closure on catalogue_questions.topic_id = topic_closure.topic_id
    where catalogue_questions.is_active
    group by topic_closure.ancestor_id
),

whole as (
    select
        placed.subject_id,
        count(*) as questions
    from catalogue_questions
    inner join catalogue_topics as placed on catalogue_questions.topic_id = placed.topic_id
    where catalogue_questions.is_active
    group by placed.subject_id
)

select
    topics.topic_id,
    topics.name,
    topics.subject_id,
    cast(
        coalesce(
            (200 * below.questions + whole.questions) // nullif(2 * whole.questions, 0), 0
        ) as bigint
    ) as weight_percent
from catalogue_topics as topics
left join below on topics.topic_id = below.ancestor_id
left join whole on topics.subject_id = whole.subject_id
order by topics.topic_id
