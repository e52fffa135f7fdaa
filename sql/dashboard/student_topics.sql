-- What: one row per topic in which the student has evidence, with recall of its flashcards.
-- Reads: analytics_topic_mastery, analytics_topic_recall, topics.
-- Why: the mastery tree of a student's page.
-- Notes: the page nests the rows by parent_topic_id.
select
    cast(mastery.topic_id as text) as topic_id,
    cast(mastery.subject_id as text) as subject_id,
    cast(topics.parent_topic_id as text) as parent_topic_id,
    topics.name,
    mastery.mastery,
    mastery.mastery_low,
    mastery.mastery_high,
    mastery.level,
    mastery.answers,
    mastery.last_answered_on,
    mastery.previous_mastery,
    recall.cards,
    recall.due,
    recall.recall
from analytics_topic_mastery as mastery
inner join topics on mastery.topic_id = topics.id
left join analytics_topic_recall as recall
    on mastery.user_id = recall.user_id and mastery.topic_id = recall.topic_id
where mastery.user_id = $user_id
order by mastery.subject_id, topics.order_index nulls last, topics.name
