-- What: one row per student of the chunk and topic with enough evidence for a level.
-- Reads: chunk, topic_mastery.
-- Why: the mastery rows of the mail, and the candidates for where an hour pays.
-- Notes: a topic below the evidence floor is never shown, let alone called weak.
select
    topic_mastery.user_id,
    topic_mastery.topic_id,
    topic_mastery.mastery,
    topic_mastery.mastery_low,
    topic_mastery.mastery_high,
    topic_mastery.answers,
    topic_mastery.last_answered_on,
    topic_mastery.previous_mastery
from topic_mastery
inner join chunk on topic_mastery.user_id = chunk.user_id
where topic_mastery.level <> 'not_enough_data'
order by topic_mastery.user_id, topic_mastery.topic_id
