-- What: one row per student of the chunk and topic with due flashcards.
-- Reads: chunk, topic_recall.
-- Why: due cards are the cheapest points.
-- Notes: due by the Monday after the reported week.
select
    topic_recall.user_id,
    topic_recall.topic_id,
    topic_recall.due
from topic_recall
inner join chunk on topic_recall.user_id = chunk.user_id
where topic_recall.due > 0
order by topic_recall.user_id, topic_recall.topic_id
