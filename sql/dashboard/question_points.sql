-- What: one row per question with 30 answers or more, 800 of them, suspect keys first.
-- Reads: analytics_question_statistics, questions, topics.
-- Why: the scatter of difficulty against discrimination.
-- Notes: ids are random, so the others by id are a fair sample.
select
    cast(statistics.question_id as text) as question_id,
    statistics.facility,
    statistics.item_rest_r,
    statistics.key_suspect
from analytics_question_statistics as statistics
inner join questions on statistics.question_id = questions.id
inner join topics on questions.topic_id = topics.id
where
    statistics.times_answered >= 30
    and statistics.item_rest_r is not null
    and (cast($subject_id as uuid) is null or topics.subject_id = $subject_id)
order by statistics.key_suspect desc, statistics.question_id
limit 800
