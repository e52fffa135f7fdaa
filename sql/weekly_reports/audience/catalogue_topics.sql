-- What: one row per topic with its share of its subject's questions in percent.
-- Reads: catalogue_topics, catalogue_questions, topic_closure.
-- Why: an hour pays more where more questions come from.
-- Notes: active questions of the whole subtree; a topic without any weighs 0.
select
    catalogue_topics.topic_id,
    catalogue_topics.name,
    catalogue_topics.subject_id,
    cast(
        coalesce(
            (200 * below.questions + whole.questions) // nullif(2 * whole.questions, 0), 0
        ) as bigint
    ) as weight_percent
from catalogue_topics
left join (
    select topic_closure.ancestor_id, count(*) as questions
    from catalogue_questions
    inner join topic_closure on catalogue_questions.topic_id = topic_closure.topic_id
    where catalogue_questions.is_active
    group by topic_closure.ancestor_id
) as below on catalogue_topics.topic_id = below.ancestor_id
left join (
    select catalogue_topics.subject_id, count(*) as questions
    from catalogue_questions
    inner join catalogue_topics on catalogue_questions.topic_id = catalogue_topics.topic_id
    where catalogue_questions.is_active
    group by catalogue_topics.subject_id
) as whole on catalogue_topics.subject_id = whole.subject_id
order by catalogue_topics.topic_id
